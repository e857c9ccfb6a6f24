// Tables as CSV (RFC 4180), made from a list of columns. What the columns are, each table says itself.

export type CsvCell = string | number | boolean | null | undefined

/** Name and content of a column. New columns go behind the others: somebody reads these by their place. */
export type CsvColumn<Row> = readonly [name: string, cell: (row: Row) => CsvCell]

export interface CsvTable<Item> {
  /** The header line, with its end. */
  readonly header: string
  /** The lines of an item, each with its end. */
  readonly linesOf: (item: Item) => string
}

/** A line an item. Null and undefined are empty cells. */
export function csvTable<Item>(columns: readonly CsvColumn<Item>[]): CsvTable<Item> {
  return csvTableOfRows((item) => [item], columns)
}

/** A line for each of the rows that an item has. */
export function csvTableOfRows<Item, Row>(
  rowsOf: (item: Item) => readonly Row[],
  columns: readonly CsvColumn<Row>[],
): CsvTable<Item> {
  const lineOf = (row: Row): string => `${columns.map(([, cell]) => csvCell(cell(row))).join(',')}\r\n`
  return {
    header: `${columns.map(([name]) => name).join(',')}\r\n`,
    linesOf: (item) => rowsOf(item).map(lineOf).join(''),
  }
}

/**
 * Whoever owns a zone writes its records: text that a spreadsheet would run as a formula gets a `'` in front, as OWASP
 * advises ("CSV injection"). NDJSON has the bare text.
 */
function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
