// The command line of the accuracy bench. Refuses what it does not know with a sentence.
import { parseArgs } from 'node:util'
import type { Split } from '../../src/lab/population/member.ts'

export interface AccuracyOptions {
  /** Members of each flux group; benign groups get more, see watch-orders.ts. */
  readonly members: number
  readonly seed: number
  readonly split: Split
  readonly jobs: number
  /** Groups to watch; empty for all. */
  readonly groups: readonly string[]
  /** Folder of recorded sets; null: what the page says of them stays as it is. */
  readonly recorded: string | null
  /** File that gets every record as a line of JSON; null for none. */
  readonly records: string | null
  /** False: the tables go to standard output, and nothing is written. */
  readonly write: boolean
}

export const USAGE =
  'usage: npm run bench:accuracy -- [--members 60] [--seed 1] [--split report|fit] [--jobs 2] [--groups a,b] [--recorded DIR] [--records FILE] [--print]'

/** Throws an Error whose message is for the user. */
export function readOptions(args: readonly string[]): AccuracyOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      members: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      split: { type: 'string', default: 'report' },
      jobs: { type: 'string', default: '2' },
      groups: { type: 'string', default: '' },
      recorded: { type: 'string' },
      records: { type: 'string' },
      print: { type: 'boolean', default: false },
    },
  })
  if (values.split !== 'report' && values.split !== 'fit') throw new Error('--split is `report` or `fit`')
  return {
    members: wholeNumber('members', values.members, 1),
    seed: wholeNumber('seed', values.seed, 0),
    split: values.split,
    jobs: wholeNumber('jobs', values.jobs, 1),
    groups: values.groups.split(',').filter((group) => group !== ''),
    recorded: values.recorded ?? null,
    records: values.records ?? null,
    write: !values.print,
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`--${name} is a whole number from ${least} on`)
  }
  return value
}
