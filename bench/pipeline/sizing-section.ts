// The sizing as a section of docs/operations.md: table, assumptions, where the figures are from. Pure.
import { table } from '../accuracy/report/markdown.ts'
import type { Sizing, SizingAssumptions } from './sizing-model.ts'
import type { UnitCosts } from './unit-costs.ts'

type Row = readonly [what: string, figure: (sizing: Sizing) => string]

const ROWS: readonly Row[] = [
  ['rounds a second', ({ roundsPerSecond }) => count(roundsPerSecond)],
  ['questions a second', ({ queriesPerSecond }) => count(queriesPerSecond)],
  ['on the wire, both directions', ({ bitsPerSecond }) => scaled(bitsPerSecond, 'bit/s')],
  ['worker cores', ({ workerCores }) => count(workerCores)],
  ['Redis cores', ({ redisCores }) => count(redisCores)],
  ['Redis memory', ({ redisOctets }) => scaled(redisOctets, 'B')],
  ['Redis masters', ({ redisMasters }) => redisMasters.toLocaleString('en')],
  ['history a day', ({ historyOctetsPerDay }) => scaled(historyOctetsPerDay, 'B')],
]

export function sizingSection(
  sizes: readonly Sizing[],
  assumed: SizingAssumptions,
  costs: UnitCosts,
): string {
  const head = ['', ...sizes.map(({ names }) => `${names.toLocaleString('en')} names`)]
  const rows = ROWS.map(([what, figure]) => [what, ...sizes.map(figure)])
  const { hostRound, zoneRound } = costs
  return [
    table(head, rows),
    '',
    ...sentences([
      `Assumed: ${percent(assumed.settledShare)} of the names are settled and looked at every ${assumed.settledIntervalSeconds} s,`,
      `the others every ${assumed.undecidedIntervalSeconds} s; ${assumed.zonesPerName} zone a name and one name server for`,
      `${assumed.namesPerNameServer} names, each every ${assumed.sharedIntervalSeconds} s; ${assumed.vantages} vantages,`,
      `${assumed.questionsPerVantage} questions to each; ${percent(assumed.utilisation)} of every core and of`,
      `${scaled(assumed.memoryPerMasterOctets, 'B')} a Redis master used in the mean.`,
    ]),
    '',
    ...sentences([
      `Unit costs as measured by \`npm run bench:pipeline\` (${costs.measured}): host round ${costOf(hostRound)}, zone round`,
      `${costOf(zoneRound)}; ${count(costs.redisOctetsPerName)} B of Redis a settled name (among`,
      `${costs.namesLoaded.toLocaleString('en')}), ${count(costs.historyOctetsPerRound)} B of history and`,
      `${count(costs.hostWire.octets)} B on the wire a round. Intake costs`,
      `${count(costs.intake.apiUs)} µs of an API process and ${count(costs.intake.redisUs)} µs of Redis a name.`,
    ]),
  ].join('\n')
}

/** Lines of prose as the page has them. */
function sentences(parts: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of parts.join(' ').split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= LINE)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const LINE = 130

function costOf({ workerUs, redisUs }: { readonly workerUs: number; readonly redisUs: number }): string {
  return `${count(workerUs)} µs of a worker and ${count(redisUs)} µs of Redis`
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`
}

/** Whole from ten on, two digits that count below. */
export function count(value: number): string {
  const digits = value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 }
  return value.toLocaleString('en', digits)
}

/** With a decimal prefix: `1.3 GB`. */
export function scaled(value: number, unit: string): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P']
  let rest = value
  let place = 0
  while (rest >= 1000 && place < prefixes.length - 1) {
    rest /= 1000
    place += 1
  }
  return `${rest.toLocaleString('en', { maximumFractionDigits: rest < 10 ? 1 : 0 })} ${prefixes[place]}${unit}`
}
