// Tables that compare: ways of watching, and the published detectors on the same members.
import { delays, typeRight } from '../metrics/detection.ts'
import { falseAlarms } from '../metrics/false-alarms.ts'
import { panelRows } from '../metrics/panel-rates.ts'
import { shareOf } from '../metrics/share.ts'
import { everFlux, WAYS } from '../watch-record.ts'
import type { WatchRecord } from '../watch-record.ts'
import { percent, shareText, table, time } from './markdown.ts'

const WAY_TEXT = {
  resolvers: 'three resolvers; ASN, owner’s name, country, PTR',
  direct: 'the same and the direct vantage',
  'no-names': 'three resolvers; ASN and country alone',
  'no-database': 'three resolvers; no database',
} as const

export function waysTable(records: readonly WatchRecord[]): string {
  return `${table(
    ['watched by', 'flux', 'found', 'type right', 'single flux: median time', 'benign', 'false alarms'],
    WAYS.map((way) => {
      const own = records.filter((record) => record.way === way)
      const flux = own.filter(({ truth }) => truth.fluxType !== null)
      const alarms = falseAlarms(own).all
      return [
        WAY_TEXT[way],
        String(flux.length),
        percent(flux.length === 0 ? null : shareOf(flux, everFlux).count / flux.length),
        shareText(typeRight(own)),
        time(delays(own.filter(({ group }) => group === 'single-flux')).seconds.median),
        String(alarms.total),
        `${alarms.count} (at most ${percent(alarms.upper)})`,
      ]
    }),
  )}\n\nShares of the members are watched in the other ways; the rows are not about the same ones.\n`
}

export function panelTable(records: readonly WatchRecord[]): string {
  const own = {
    found: shareOf(
      records.filter(({ truth }) => truth.fluxType !== null),
      ({ last }) => last.verdict === 'flux',
    ),
    falseAlarms: shareOf(
      records.filter(({ truth }) => truth.fluxType === null),
      ({ last }) => last.verdict === 'flux',
    ),
  }
  return `${table(
    ['detector', 'flux found', 'false alarms', 'not defined'],
    [
      ['fluxwatch, `flux` at the end', shareText(own.found), shareText(own.falseAlarms), ''],
      ...panelRows(records).map((row) => [
        row.detector,
        shareText(row.found),
        shareText(row.falseAlarms),
        percent(row.undefined.count / Math.max(1, row.undefined.total)),
      ]),
    ],
  )}\n`
}
