// A name as bytes: what it has in common with a name that the reader knows is not written. Hosts of one operator differ in little.
import type { ByteReader } from './byte-reader.ts'
import { isAscii } from './byte-writer.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { SeenName } from './seen-name.ts'

/** `near`: what the reader has too. */
export function writeName(to: ByteWriter, name: string, near: string): void {
  const most = isAscii(name) ? Math.min(name.length, near.length) : 0
  let prefix = 0
  while (prefix < most && name.charCodeAt(prefix) === near.charCodeAt(prefix)) prefix += 1
  let suffix = 0
  while (
    suffix < most - prefix &&
    name.charCodeAt(name.length - 1 - suffix) === near.charCodeAt(near.length - 1 - suffix)
  )
    suffix += 1
  to.count(prefix)
  to.count(suffix)
  to.text(name.slice(prefix, name.length - suffix))
}

export function readName(from: ByteReader, near: string): string {
  const prefix = from.count()
  const suffix = from.count()
  const middle = from.text()
  if (prefix === 0 && suffix === 0) return middle
  return near.slice(0, prefix) + middle + near.slice(near.length - suffix)
}

/** Names, each near the one before; `near`: what the first is near to. How many there are the reader knows. */
export function writeNames(to: ByteWriter, names: readonly string[], near: string): void {
  let before = near
  for (const name of names) {
    writeName(to, name, before)
    before = name
  }
}

export function readNames(from: ByteReader, size: number, near: string): readonly string[] {
  const names: string[] = []
  let before = near
  for (let index = 0; index < size; index += 1) names.push((before = readName(from, before)))
  return names
}

/** When and how often a name was seen, beside what the reader knows to be near. Names stand elsewhere. */
export function writeSighting(
  to: ByteWriter,
  { first, last, count }: SeenName,
  near: Omit<SeenName, 'key'>,
  more = 0,
): void {
  to.row([first - near.first, last - near.last, count - near.count, more])
}

export function readSighting(
  from: ByteReader,
  near: Omit<SeenName, 'key'>,
): { readonly sighting: Omit<SeenName, 'key'>; readonly more: number } {
  const mask = from.count()
  const sighting = {
    first: near.first + from.rest(mask, 0),
    last: near.last + from.rest(mask, 1),
    count: near.count + from.rest(mask, 2),
  }
  return { sighting, more: from.rest(mask, 3) }
}
