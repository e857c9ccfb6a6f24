// Watches members of the `fit` half of the population and writes what their features were, round after round:
//   npm run collect -- --members 200 --seed 1 --job 0 --jobs 2 --out samples-0.bin
// Every member is watched under other circumstances (how many vantages, what is known of addresses), because the model must not
// rest on the best of them.
import { parseArgs } from 'node:util'
import {
  BENIGN_ADDRESS_CLASSES,
  BENIGN_NAME_SERVER_CLASSES,
  FLUX_ADDRESS_CLASSES,
  FLUX_NAME_SERVER_CLASSES,
} from '../../src/core/detect/model/classes.ts'
import { measureFeatures } from '../../src/core/features/catalogue.ts'
import { viewDomain } from '../../src/core/features/domain-view.ts'
import { networkKind } from '../../src/core/features/network-kind.ts'
import type { AddressFacts } from '../../src/core/model/address-facts.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { drawMember, MEMBER_GROUPS } from '../../src/lab/population/catalogue.ts'
import { createDice } from '../../src/lab/random.ts'
import type { Dice } from '../../src/lab/random.ts'
import { enrichmentOf } from '../../src/lab/watch/watch-enrichment.ts'
import type { Knowledge } from '../../src/lab/watch/watch-enrichment.ts'
import { watchMember } from '../../src/lab/watch/watch-member.ts'
import { DIRECT_VANTAGE, THREE_RESOLVERS } from '../../src/lab/watch/watch-vantage.ts'
import type { WatchVantage } from '../../src/lab/watch/watch-vantage.ts'
import { openSampleWriter } from './samples.ts'

/** Rounds after which the features are written down: early ones all, later ones ever more seldom. */
const CHECKPOINTS = new Set([
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 300, 400, 500, 700,
  900,
])
/** A day and a half: most of what moves has moved by then, and the last day of three would be half of the work. */
const LONGEST_SECONDS = 129_600
const START_AT = Date.UTC(2026, 0, 5)

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100' },
    job: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    group: { type: 'string' },
    out: { type: 'string' },
  },
})
const [members, job, jobs, first] = [values.members, values.job, values.jobs, values.first].map(Number) as [
  number,
  number,
  number,
  number,
]
if (values.out === undefined) throw new Error('--out FILE is missing')

const writer = openSampleWriter(values.out, {
  groups: MEMBER_GROUPS.map(({ group }) => group),
  addressClasses: [...FLUX_ADDRESS_CLASSES, ...BENIGN_ADDRESS_CLASSES],
  nameServerClasses: [...FLUX_NAME_SERVER_CLASSES, ...BENIGN_NAME_SERVER_CLASSES],
})
const groups = MEMBER_GROUPS.filter(({ group }) => values.group === undefined || group === values.group)
let number = 0
for (const [place, group] of groups.entries()) {
  const startedAt = performance.now()
  for (let index = first + job; index < first + members; index += jobs) {
    const member = drawMember(group, 'fit', index, START_AT)
    const dice = createDice(`circumstances ${group.group} ${index}`)
    const knowledge = knowledgeOf(dice)
    const plan = { factsOf: misread((address) => member.plan.factsOf(address), dice) }
    const enrichment = enrichmentOf(plan, knowledge)
    const vantages = vantagesOf(dice)
    const directVantages = vantages.filter(({ kind }) => kind === 'direct').map(({ id }) => id)
    for (const round of watchMember(member, {
      startAt: START_AT,
      forSeconds: Math.min(group.watchSeconds, LONGEST_SECONDS),
      vantages,
      knowledge,
      policy: { ...DEFAULT_POLICY, directVantages, minIntervalSeconds: intervalOf(dice, group.watchSeconds) },
      assess: false,
    })) {
      if (!CHECKPOINTS.has(round.rounds)) continue
      writer.write(
        {
          group: group.group,
          addresses: member.truth.addresses,
          nameServers: member.truth.nameServers,
          flux: {
            addresses: FLUX_ADDRESS_CLASSES.some((one) => one === member.truth.addresses),
            nameServers: FLUX_NAME_SERVER_CLASSES.some((one) => one === member.truth.nameServers),
          },
          member: index,
          round: round.rounds,
          isEvasion: member.isEvasion,
        },
        measureFeatures(viewDomain(round.series, enrichment, round.at)),
      )
    }
    number += 1
  }
  const perMember = (performance.now() - startedAt) / Math.max(1, Math.ceil((members - job) / jobs))
  process.stderr.write(
    `job ${job}: ${group.group} (${place + 1} of ${groups.length} groups), ${perMember.toFixed(0)} ms a member, ${number} members so far\n`,
  )
}
writer.close()

/** A long watch is not always a close one: settled names are looked at ever more seldom. Seconds. */
function intervalOf(dice: Dice, watchSeconds: number): number {
  if (watchSeconds <= 7200) return DEFAULT_POLICY.minIntervalSeconds
  const draw = dice.ratio('interval')
  if (draw < 0.2) return DEFAULT_POLICY.minIntervalSeconds
  return draw < 0.5 ? 120 : 300
}

function vantagesOf(dice: Dice): readonly WatchVantage[] {
  const draw = dice.ratio('vantages')
  if (draw < 0.12) return THREE_RESOLVERS.slice(0, 1)
  if (draw < 0.2) return THREE_RESOLVERS.slice(0, 2)
  return draw < 0.4 ? [...THREE_RESOLVERS, DIRECT_VANTAGE] : THREE_RESOLVERS
}

function knowledgeOf(dice: Dice): Knowledge {
  const draw = dice.ratio('knowledge')
  if (draw < 0.1) return 'none'
  if (draw < 0.25) return 'no-names'
  return draw < 0.7 ? 'no-ptr' : 'full'
}

/**
 * The facts with the names of some owners replaced by names of the other trade: how often the word list errs outside is not known,
 * and the model must not rest on its being right. From no owner at all to one in ten, as the member's dice say.
 */
function misread(factsOf: (address: string) => AddressFacts, dice: Dice): (address: string) => AddressFacts {
  const share = dice.ratio('misread share') / 10
  const wrong = new Map<number, AddressFacts['organisation']>()
  const known = new Map<string, AddressFacts>()
  const nameOf = (asn: number, organisation: string | null): string | null => {
    if (dice.ratio('misread', asn) >= share) return organisation
    return networkKind({ asn, organisation, country: null }) === 'access'
      ? 'Wrong Hosting'
      : 'Wrong Broadband'
  }
  return (address) => {
    let facts = known.get(address)
    if (facts === undefined) {
      facts = factsOf(address)
      const { asn, organisation } = facts
      if (asn !== null) {
        if (!wrong.has(asn)) wrong.set(asn, nameOf(asn, organisation))
        facts = { ...facts, organisation: wrong.get(asn)! }
      }
      known.set(address, facts)
    }
    return facts
  }
}
