// Opaque page cursors over a numeric position.
import { FluxError } from '../core/errors.ts'

export function cursorOf(position: number): string {
  return Buffer.from(`c1:${position}`).toString('base64url')
}

/** Throws FLUX_INVALID, naming `cursor`, on anything that `cursorOf` did not make. */
export function readCursor(cursor: string): number {
  const match = /^c1:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  // Made anew, since base64url and numbers have other spellings that were never handed out.
  if (!match || cursorOf(Number(match[1])) !== cursor) {
    throw new FluxError(
      'FLUX_INVALID',
      'The cursor is not one that this service made; take it from `next`.',
      [{ pointer: '#/cursor', code: 'bad_cursor', detail: 'not a cursor of this service' }],
    )
  }
  return Number(match[1])
}
