// Snapshots of the features of watched members, as the fit reads them: one file a job, a line of JSON that says what the columns
// are, then fixed-width rows of 32-bit floats.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { FEATURE_CATALOGUE } from '../../src/core/features/catalogue.ts'
import { FeatureTable } from '../../src/core/features/feature-definition.ts'
import type { Feature } from '../../src/core/model/assessment.ts'

/** What stands before the features in a row: indexes into the lists of the header, and the number of the member. */
const LEAD = ['group', 'addresses', 'nameServers', 'fluxType', 'member', 'round', 'evasion'] as const

interface Header {
  readonly ids: readonly string[]
  readonly groups: readonly string[]
  readonly addressClasses: readonly string[]
  readonly nameServerClasses: readonly string[]
}

/** What is known of the member beside its features. */
export interface SampleTruth {
  readonly group: string
  readonly addresses: string
  readonly nameServers: string
  readonly flux: { readonly addresses: boolean; readonly nameServers: boolean }
  /** Number of the member, unique in its file. */
  readonly member: number
  readonly round: number
  readonly isEvasion: boolean
}

export interface Sample extends SampleTruth {
  readonly features: FeatureTable
}

export interface SampleWriter {
  write(truth: SampleTruth, features: readonly Feature[]): void
  close(): void
}

export function openSampleWriter(path: string, header: Omit<Header, 'ids'>): SampleWriter {
  const file = openSync(path, 'w')
  const ids = FEATURE_CATALOGUE.map(({ id }) => id)
  writeSync(file, `${JSON.stringify({ ids, ...header } satisfies Header)}\n`)
  const row = new Float32Array(LEAD.length + 2 * ids.length)
  return {
    write(truth, features) {
      row[0] = header.groups.indexOf(truth.group)
      row[1] = header.addressClasses.indexOf(truth.addresses)
      row[2] = header.nameServerClasses.indexOf(truth.nameServers)
      row[3] = (truth.flux.addresses ? 1 : 0) + (truth.flux.nameServers ? 2 : 0)
      row[4] = truth.member
      row[5] = truth.round
      row[6] = truth.isEvasion ? 1 : 0
      for (const [index, feature] of features.entries()) {
        row[LEAD.length + 2 * index] = feature.value ?? Number.NaN
        row[LEAD.length + 2 * index + 1] = feature.support
      }
      writeSync(file, new Uint8Array(row.buffer))
    },
    close: () => closeSync(file),
  }
}

/** Every sample of a file, in the order in which it was written. Throws when the features are not those of this code. */
export function* readSamples(path: string): Generator<Sample> {
  const bytes = readFileSync(path)
  const headerEnd = bytes.indexOf(10)
  const header = JSON.parse(bytes.toString('utf8', 0, headerEnd)) as Header
  const ids = FEATURE_CATALOGUE.map(({ id }) => id)
  if (header.ids.join() !== ids.join()) throw new Error(`${path} has other features: collect it again`)
  const body = bytes.subarray(headerEnd + 1)
  const rows = new Float32Array(
    body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer,
  )
  const width = LEAD.length + 2 * ids.length
  for (let start = 0; start + width <= rows.length; start += width) {
    const row = rows.subarray(start, start + width)
    yield {
      group: header.groups[row[0]!]!,
      addresses: header.addressClasses[row[1]!]!,
      nameServers: header.nameServerClasses[row[2]!]!,
      flux: { addresses: (row[3]! & 1) !== 0, nameServers: (row[3]! & 2) !== 0 },
      member: row[4]!,
      round: row[5]!,
      isEvasion: row[6] === 1,
      features: new FeatureTable(
        ids.map((id, index) => {
          const value = row[LEAD.length + 2 * index]!
          return {
            id,
            unit: '',
            value: Number.isNaN(value) ? null : value,
            support: row[LEAD.length + 2 * index + 1]!,
          }
        }),
      ),
    }
  }
}
