// Times on the wire are ISO 8601 in UTC with milliseconds.

export function presentInstant(ms: number): string {
  return new Date(ms).toISOString()
}

export function presentInstantOrNull(ms: number | null): string | null {
  return ms === null ? null : presentInstant(ms)
}
