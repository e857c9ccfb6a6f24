// How weights, scores and times read in a sentence of an explanation.

export function toHundredths(value: number): number {
  return Math.round(value * 100) / 100
}

/** Four decimals, as the score itself has. */
export function scoreText(score: number): string {
  return String(Math.round(score * 1e4) / 1e4)
}

/** `2.60 nats`, without a sign. */
export function natsText(nats: number): string {
  return `${Math.abs(nats).toFixed(2)} nats`
}

/** Log-odds of a probability, nats. */
export function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability))
}

export function instantText(ms: number): string {
  return new Date(ms).toISOString()
}
