// Where a bench's part of a page begins and ends: what stands around the markers is written by hand and stays.

/** Throws when the page does not have both markers, in this order. */
export function withSection(page: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->`
  const end = `<!-- /${name} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the page has no section ${begin} … ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${page.slice(to)}`
}
