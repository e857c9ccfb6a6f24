// How long a process that is told to end may take for it.

/** Rounds in flight end within the DNS time-outs; this leaves room for the streams behind them. Hand-set. */
export const DRAIN_MS = 30_000
