// What a soak has to tell, as tables. Pure.
import { table } from '../accuracy/report/markdown.ts'
import { partitionSpread, type Lateness } from './lateness.ts'

/** One hour at full capacity. */
export interface FreeHour {
  readonly hour: number
  readonly rounds: number
  readonly realSeconds: number
  readonly lateness: Lateness
  readonly residentOctets: number
  readonly redisOctets: number
}

/** One stretch of the time at half of the capacity. */
export interface LimitedStretch {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly rounds: number
  readonly lateness: Lateness
  /** Steps in which a target was claimed while an older one of its partition was left. */
  readonly outOfOrder: number
}

export function freeTable(hours: readonly FreeHour[]): string {
  return table(
    ['hour', 'rounds', 'a real second', 'lateness in waits: median', '99 %', 'worst', 'resident', 'Redis'],
    hours.map(({ hour, rounds, realSeconds, lateness, residentOctets, redisOctets }) => [
      String(hour),
      rounds.toLocaleString('en'),
      Math.round(rounds / realSeconds).toLocaleString('en'),
      waits(lateness.inWaits.percentile(0.5)),
      waits(lateness.inWaits.percentile(0.99)),
      waits(lateness.inWaits.max),
      megabytes(residentOctets),
      megabytes(redisOctets),
    ]),
  )
}

export function limitedTable(stretches: readonly LimitedStretch[]): string {
  return table(
    [
      'after',
      'rounds',
      'lateness: 1 %',
      'median',
      '99 %',
      'medians of the partitions',
      'in waits: median',
      '99 %',
      'out of order',
    ],
    stretches.map(({ fromSeconds, toSeconds, rounds, lateness, outOfOrder }) => {
      const { lowest, highest } = partitionSpread(lateness)
      const seconds = (share: number): string => `${lateness.inSeconds.percentile(share).toFixed(0)} s`
      return [
        `${fromSeconds.toFixed(0)} to ${toSeconds.toFixed(0)} s`,
        rounds.toLocaleString('en'),
        seconds(0.01),
        seconds(0.5),
        seconds(0.99),
        `${lowest.toFixed(0)} to ${highest.toFixed(0)} s`,
        waits(lateness.inWaits.percentile(0.5)),
        waits(lateness.inWaits.percentile(0.99)),
        String(outOfOrder),
      ]
    }),
  )
}

/** How memory went: the last hour against the one after which all names had been watched for a quarter of the time. */
export function flatness(hours: readonly FreeHour[]): string {
  const settled = hours[Math.floor(hours.length / 4)]
  const last = hours.at(-1)
  if (!settled || !last || settled === last) return 'Too few hours to say whether memory is flat.'
  const growth = (of: (hour: FreeHour) => number): string =>
    `${((of(last) / of(settled) - 1) * 100).toFixed(1)} %`
  return `From hour ${settled.hour} to hour ${last.hour} resident memory grew by ${growth((one) => one.residentOctets)}, Redis by ${growth((one) => one.redisOctets)}.`
}

function waits(value: number): string {
  return value.toFixed(4)
}

function megabytes(octets: number): string {
  return `${(octets / 1e6).toFixed(1)} MB`
}
