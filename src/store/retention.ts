// How long the live state of what is no longer watched stays readable.

/** 30 days: a verdict stays citable for a month after its watch ended; history keeps the observations for longer. */
export const RETENTION_MS = 30 * 24 * 3600 * 1000
