// Texts once each, in order. Most lists have one or a few.

/** Sorts the list itself, and gives it back without what stands twice. */
export function distinctSorted(texts: string[]): readonly string[] {
  if (texts.length < 2) return texts
  texts.sort()
  let size = 1
  for (let index = 1; index < texts.length; index += 1)
    if (texts[index] !== texts[size - 1]) texts[size++] = texts[index]!
  texts.length = size
  return texts
}
