// The members that were judged wrong, with what was drawn for them: the place to begin when the detector is to get better.
import { sayingOf } from '../metrics/confusion.ts'
import { everFlux } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { number, table, time } from './markdown.ts'

/** Rows of each table, and changes of the verdict in a row. */
const SHOWN = 25
const SHOWN_CHANGES = 6

export function wrongOnes(records: readonly WatchRecord[]): string {
  const alarms = records.filter((record) => record.truth.fluxType === null && everFlux(record))
  const missed = records.filter((record) => record.truth.fluxType !== null && !everFlux(record))
  const mistaken = records.filter(
    ({ truth, last }) =>
      truth.fluxType !== null && last.verdict === 'flux' && last.fluxType !== truth.fluxType,
  )
  return [
    listed('called `flux` and benign', alarms),
    listed('flux and never called so', missed),
    listed('flux of another type than was said at the end', mistaken),
  ].join('\n')
}

function listed(what: string, records: readonly WatchRecord[]): string {
  if (records.length === 0) return `None ${what}.\n`
  const shown = records.slice(0, SHOWN)
  const more = records.length > SHOWN ? `, the first ${SHOWN}` : ''
  return `${records.length} ${what}${more}:\n\n${table(
    ['group', 'member', 'said in order', 'score at the end', 'drawn'],
    shown.map(({ group, index, path, last, parameters }) => [
      group,
      String(index),
      pathText(path),
      number(last.score, 4),
      Object.entries(parameters)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ]),
  )}\n`
}

function pathText(path: WatchRecord['path']): string {
  const shown = path.slice(0, SHOWN_CHANGES).map((said) => `${sayingOf(said)} ${time(said.seconds)}`)
  const more = path.length - shown.length
  return [...shown, ...(more > 0 ? [`${more} more changes`] : [])].join(', ')
}
