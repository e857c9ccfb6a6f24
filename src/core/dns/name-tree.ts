// Where a name stands in the tree of names. Names are as ResourceRecord has them: lower case, presentation form, no
// trailing dot, the root is "".

/** Labels from the left, escapes kept (RFC 1035, section 5.1): an escaped dot ends no label. The root has none. */
export function labelsOf(name: string): string[] {
  if (name === '') return []
  if (!name.includes('\\')) return name.split('.')
  return name.match(/(?:\\.|[^\\.])+/g) ?? []
}

/** Whether `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  if (zone === '' || name === zone) return true
  if (!name.endsWith(`.${zone}`)) return false
  // An odd number of backslashes before the dot makes it part of a label.
  let backslashes = 0
  for (let at = name.length - zone.length - 2; name[at] === '\\'; at--) backslashes += 1
  return backslashes % 2 === 0
}

/** Whether `name` lies below `zone` and is not `zone` itself. */
export function isBelow(name: string, zone: string): boolean {
  return name !== zone && isWithin(name, zone)
}

/** The name with its first label taken off; the root's is the root. */
export function parentName(name: string): string {
  return labelsOf(name).slice(1).join('.')
}
