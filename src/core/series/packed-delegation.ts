// The delegation of a zone as bytes: both sides, and the glue as host series of their own. Names are numbers in the zone's list.
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { DelegationSide } from './delegation-look.ts'
import { LAME_LIMIT } from './delegation-series.ts'
import type { DelegationSeries } from './delegation-series.ts'
import { readAddress, writeAddress } from './packed-address.ts'
import { readHost, writeHost } from './packed-host.ts'
import { readNames, readSighting, writeNames, writeSighting } from './packed-name.ts'
import { readNameNumbers, writeNameNumbers } from './packed-name-list.ts'
import type { NameList } from './packed-name-list.ts'
import type { SeenName } from './seen-name.ts'

/** What the reader knows of the zone before its delegation. Times: whole ms. */
export interface DelegationOrigin {
  readonly firstAt: number
  readonly lastAt: number
  /** Of a vantage. */
  readonly id: string
}

export function writeDelegation(
  to: ByteWriter,
  {
    vantages,
    rounds,
    looks,
    changes,
    glueChanges,
    changesWithinTtl,
    parent,
    child,
    glue,
    lame,
  }: DelegationSeries,
  list: NameList,
  { firstAt, lastAt, id }: DelegationOrigin,
): void {
  // In the order in which readDelegation asks for them.
  to.row([
    rounds,
    looks - rounds,
    vantages.length - 1,
    parent === null ? 1 : 0,
    child === null ? 1 : 0,
    glue.length,
    changes,
    glueChanges - changes,
    changesWithinTtl - changes,
    lame.entries.length,
    lame.limit - LAME_LIMIT,
    lame.dropped ? 1 : 0,
  ])
  writeNames(to, vantages, id)
  if (parent !== null) writeSide(to, parent, list, lastAt)
  if (child !== null) writeSide(to, child, list, lastAt)
  let near = vantages.at(-1) ?? ''
  for (const host of glue) {
    to.count(list.numberOf(host.name))
    writeHost(to, host, near)
    near = host.views.at(-1)?.vantage ?? near
  }
  let before = { first: firstAt, last: lastAt, count: 0 }
  for (const { key, first, last, count } of lame.entries) {
    const seen = { key, first: Math.round(first), last: Math.round(last), count }
    writeSighting(to, seen, before, list.numberOf(key))
    before = seen
  }
}

export function readDelegation(
  from: ByteReader,
  names: readonly string[],
  { firstAt, lastAt, id }: DelegationOrigin,
): DelegationSeries {
  const mask = from.count()
  const rounds = from.rest(mask, 0)
  const looks = rounds + from.rest(mask, 1)
  const vantageCount = 1 + from.rest(mask, 2)
  const hasParent = from.rest(mask, 3) === 0
  const hasChild = from.rest(mask, 4) === 0
  const glueCount = from.rest(mask, 5)
  const changes = from.rest(mask, 6)
  const glueChanges = changes + from.rest(mask, 7)
  const changesWithinTtl = changes + from.rest(mask, 8)
  const lameCount = from.rest(mask, 9)
  const limit = LAME_LIMIT + from.rest(mask, 10)
  const dropped = from.rest(mask, 11) === 1
  const vantages = readNames(from, vantageCount, id)
  const parent = hasParent ? readSide(from, names, lastAt) : null
  const child = hasChild ? readSide(from, names, lastAt) : null
  let near = vantages.at(-1) ?? ''
  const glue = Array.from({ length: glueCount }, () => {
    const host = readHost(from, names[from.count()]!, near)
    near = host.views.at(-1)?.vantage ?? near
    return host
  })
  const entries: SeenName[] = []
  let before: Omit<SeenName, 'key'> = { first: firstAt, last: lastAt, count: 0 }
  while (entries.length < lameCount) {
    const { sighting, more } = readSighting(from, before)
    entries.push({ key: names[more]!, ...sighting })
    before = sighting
  }
  return {
    vantages,
    rounds,
    looks,
    parent,
    child,
    changes,
    glueChanges,
    changesWithinTtl,
    glue,
    lame: { limit, dropped, entries },
  }
}

function writeSide(
  to: ByteWriter,
  { at, names, ttlSeconds, hosts }: DelegationSide,
  list: NameList,
  lastAt: number,
): void {
  to.row([Math.round(at) - lastAt, ttlSeconds, names.length, hosts.length])
  writeNameNumbers(to, names, list)
  for (const host of hosts) {
    to.row([host.ttlSeconds, list.numberOf(host.name), host.addresses.length - 1])
    for (const address of host.addresses) writeAddress(to, address)
  }
}

function readSide(from: ByteReader, names: readonly string[], lastAt: number): DelegationSide {
  const mask = from.count()
  const at = lastAt + from.rest(mask, 0)
  const ttlSeconds = from.rest(mask, 1)
  const nameCount = from.rest(mask, 2)
  const hostCount = from.rest(mask, 3)
  return {
    at,
    names: readNameNumbers(from, nameCount, names),
    ttlSeconds,
    hosts: Array.from({ length: hostCount }, () => {
      const row = from.count()
      const hostTtlSeconds = from.rest(row, 0)
      const name = names[from.rest(row, 1)]!
      const size = 1 + from.rest(row, 2)
      return {
        name,
        addresses: Array.from({ length: size }, () => readAddress(from)),
        ttlSeconds: hostTtlSeconds,
      }
    }),
  }
}
