// Writes a name in presentation form as labels. The inverse of name-decoder.ts, so that any name we ever read (with its
// escapes) can be asked for.
import { MAX_NAME_OCTETS } from './name-decoder.ts'

const MAX_LABEL_OCTETS = 63

/**
 * The wire form of a name, with the root label; a trailing dot is allowed, `""` is the root.
 * Throws RangeError when it is no name (empty or over-long label, over 255 octets, a character outside ASCII, a broken
 * escape): names are checked long before, so this is a bug.
 */
export function encodeName(name: string): Uint8Array {
  const octets: number[] = []
  let label: number[] = []
  const endLabel = (): void => {
    if (label.length === 0) throw new RangeError(`empty label in the name ${JSON.stringify(name)}`)
    if (label.length > MAX_LABEL_OCTETS) throw new RangeError(`over-long label in ${JSON.stringify(name)}`)
    octets.push(label.length, ...label)
    label = []
  }
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code === 0x2e) endLabel()
    else if (code === 0x5c) {
      const escape = /^(?:(\d{3})|([\x21-\x2f\x3a-\x7e]))/.exec(name.slice(at + 1, at + 4))
      if (escape === null || Number(escape[1] ?? 0) > 255)
        throw new RangeError(`broken escape in the name ${JSON.stringify(name)}`)
      label.push(escape[1] === undefined ? escape[2]!.charCodeAt(0) : Number(escape[1]))
      at += escape[0].length
    } else if (code > 0x7f) throw new RangeError(`not an A-label name: ${JSON.stringify(name)}`)
    else label.push(code)
  }
  if (label.length > 0) endLabel()
  octets.push(0)
  if (octets.length > MAX_NAME_OCTETS) throw new RangeError(`over-long name ${JSON.stringify(name)}`)
  return Uint8Array.from(octets)
}
