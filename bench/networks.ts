// How well networks are found, and what they cost: lab worlds of 20 botnets with 500 bystanders, the recorded campaigns, and a graph
// of 100,000 flagged names. The tables go to standard output.
//   npm run bench:networks -- --seeds 1,2,3,4,5 --recorded DIR
import { parseArgs } from 'node:util'
import { labNetworks } from './networks/lab-networks.ts'
import { measureManyNames } from './networks/many-names.ts'
import { precision, recall, sumPairs, type PairCount } from './networks/pair-counting.ts'
import { recordedNetworks } from './networks/recorded-networks.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'

const USAGE =
  'usage: npm run bench:networks -- [--seeds 1,2,3,4,5] [--recorded DIR] [--names 100000] [--agents 64] [--containment 0.5]'
const START = Date.parse('2026-03-02T00:00:00Z')
/** Names are submitted in the first six hours and watched to the end of the ninth. */
const HOURS = 9
const FORCED = 20

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3,4,5' },
    recorded: { type: 'string' },
    names: { type: 'string', default: '100000' },
    agents: { type: 'string', default: '64' },
    containment: { type: 'string' },
  },
})
const seeds = values.seeds
  .split(',')
  .filter((text) => text !== '')
  .map(Number)
const [names, agents] = [Number(values.names), Number(values.agents)]
const containment = Number(values.containment ?? DEFAULT_POLICY.networkContainment)
if (![...seeds, names, agents, containment].every(Number.isFinite)) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}
const policy = {
  ...DEFAULT_POLICY,
  networkContainment: containment,
  networkStayContainment: Math.min(containment, DEFAULT_POLICY.networkStayContainment),
}
const write = (line: string): void => void process.stdout.write(`${line}\n`)

if (seeds.length > 0) {
  write(
    '| world | names | flagged | of them bystanders (detector / forced) | networks | precision | recall | precision, recall without strangers | listed before they were flagged, astray | precision of that | precision, recall with who is listed at the end |',
  )
  write('|---|---|---|---|---|---|---|---|---|---|---|')
  const all = seeds.map((seed) => {
    const result = labNetworks({ seed, startAt: START }, HOURS, FORCED, policy)
    const { bystandersFlagged, bystandersForced, pairs, pairsWithoutStrangers, pairsWithListed, listed } =
      result
    write(
      `| ${seed} | ${result.names} | ${result.flagged + bystandersForced} | ${bystandersFlagged} / ${bystandersForced} | ${result.networks} | ${both(pairs, ' | ')} | ${both(pairsWithoutStrangers, ', ')} | ${listed.names}, ${listed.astray} | ${precision(listed.pairs).toFixed(4)} | ${both(pairsWithListed, ', ')} |`,
    )
    return result
  })
  const pooled = sumPairs(all.map(({ pairs }) => pairs))
  const without = sumPairs(all.map(({ pairsWithoutStrangers }) => pairsWithoutStrangers))
  const listed = sumPairs(all.map((result) => result.listed.pairs))
  write(
    `| all | | | | | ${both(pooled, ' | ')} | ${both(without, ', ')} | | ${precision(listed).toFixed(4)} | ${both(sumPairs(all.map((result) => result.pairsWithListed)), ', ')} |`,
  )
  write('')
}
if (values.recorded !== undefined) {
  const { flagged, networks, alone, listed, benign, ...pairs } = recordedNetworks(values.recorded, policy)
  write(
    `Recorded: ${flagged} flagged, ${networks} network(s), ${alone} of them alone, ${listed} more names listed, ${benign} benign names flagged, in one or listed.`,
  )
  write('')
  write('| truth | names | precision | recall |')
  write('|---|---|---|---|')
  write(`| one botnet | flagged | ${both(pairs.flaggedAsOneBotnet, ' | ')} |`)
  write(`| one botnet | all 172, without those that are listed | ${both(pairs.asOneBotnet, ' | ')} |`)
  write(`| one botnet | all 172, with those that are listed | ${both(pairs.withListedAsOneBotnet, ' | ')} |`)
  write(`| two campaigns | flagged | ${both(pairs.flaggedAsCampaigns, ' | ')} |`)
  write('')
}
if (names > 0) {
  const cost = measureManyNames(names, agents)
  write(`| ${names} names with ${agents} agents each | |`)
  write('|---|---|')
  for (const [what, value] of [
    ['networks · addresses · links', `${cost.networks} · ${cost.addresses} · ${cost.links}`],
    ['a note, nothing new', `${cost.steadyUs.toFixed(1)} µs`],
    ['a note with a new agent', `${cost.newAgentUs.toFixed(1)} µs`],
    ['a note of a name that comes to a network', `${cost.joinUs.toFixed(1)} µs`],
    ['a note of a name that shares nothing', `${cost.loneUs.toFixed(1)} µs`],
    ['a sweep with nothing due', `${cost.idleSweepUs.toFixed(0)} µs`],
    ['grouping everything anew, per name', `${cost.regroupUsPerName.toFixed(0)} µs`],
    ['the longest sweep of that', `${cost.longestSweepMs.toFixed(0)} ms`],
    ['heap and array buffers', `${cost.megabytes.toFixed(0)} MB`],
  ])
    write(`| ${what} | ${value} |`)
}

function both(pairs: PairCount, between: string): string {
  return `${precision(pairs).toFixed(4)}${between}${recall(pairs).toFixed(4)}`
}
