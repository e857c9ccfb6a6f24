// The places of pages in cursors, as the embedded store has them: numbers of the file, which never change.
import { decodeCursor, encodeCursor } from '../page-cursor.ts'
import type { PivotKey, RecordKey } from './history-reader.ts'
import type { RowPlace } from './observation-page.ts'
import type { PivotPlace } from './pivot-questions.ts'
import { datumOf } from './record-row.ts'
import type { RecordPlace } from './record-questions.ts'

/** All throw `FLUX_INVALID`, naming `cursor`, for a cursor that was not made for the question. */
export const cursorPlaces = {
  ofRow(cursor: string): RowPlace {
    const [at, target, key] = decodeCursor('observations', cursor, ['number', 'number', 'number'])
    return { at, target, key }
  },
  ofRecord(kind: 'records' | 'changes', cursor: string): RecordPlace {
    const [type, data] = decodeCursor(kind, cursor, ['number', 'string'])
    return { type, data: datumOf(data) ?? refuse() }
  },
  ofPivot(cursor: string): PivotPlace {
    const [data, type, name] = decodeCursor('pivot', cursor, ['string', 'number', 'number'])
    return { data: datumOf(data) ?? refuse(), type, name }
  },
  ofTime(kind: 'new-addresses' | 'statistics', cursor: string): number {
    return decodeCursor(kind, cursor, ['number'])[0]
  },
}

export const placeCursors = {
  ofRow: ({ at, target, key }: RowPlace): string => encodeCursor('observations', [at, target, key]),
  ofRecord: (kind: 'records' | 'changes', key: RecordKey): string => encodeCursor(kind, key),
  ofPivot: (key: PivotKey): string => encodeCursor('pivot', key),
  ofTime: (kind: 'new-addresses' | 'statistics', time: number): string => encodeCursor(kind, [time]),
}

/** No cursor is empty. */
function refuse(): never {
  decodeCursor('records', '', [])
  throw new Error('An empty text was read as a cursor')
}
