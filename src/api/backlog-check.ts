// What /readyz says of the way into history: how far behind it is, and what it missed. Never makes the service unready: verdicts
// do not wait for it.
import type { HealthCheck } from './ports.ts'

export interface HistoryBacklogFigures {
  readonly entries: number
  readonly octets: number
  readonly oldestMs: number
  /** Of what may wait, 0…1 and a little above; of the fullest partition. */
  readonly fullness: number
  readonly lostRounds: number
  readonly lostObservations: number
  /** Of the latest loss, ms. */
  readonly gap: { readonly from: number; readonly to: number } | null
  readonly unreadable: number
}

/** From here on history is behind. Hand-set: it takes in what comes within a second otherwise. */
const LATE_MS = 60_000
const FULL_RATIO = 0.5
/** So long a loss is shown as something wrong; afterwards it is only told. */
const LOSS_SHOWN_MS = 3_600_000

/** `now`: ms. */
export function backlogCheck(figures: HistoryBacklogFigures, now: number): HealthCheck {
  const { entries, octets, oldestMs, fullness, gap } = figures
  const isBehind = oldestMs >= LATE_MS || fullness >= FULL_RATIO
  const hasJustLost = gap !== null && now - gap.to < LOSS_SHOWN_MS
  const waiting = `${count(entries, 'entry', 'entries')} (${(octets / 1024 / 1024).toFixed(1)} MiB) wait, the oldest for ${Math.round(oldestMs / 1000)} s: ${Math.round(fullness * 100)} % of what may wait`
  const sentences = [
    entries === 0 ? 'nothing waits' : `${isBehind ? 'history is behind: ' : ''}${waiting}`,
    ...lossOf(figures),
  ]
  return {
    name: 'history backlog',
    ok: !isBehind && !hasJustLost,
    detail: sentences.join('; '),
    required: false,
  }
}

function lossOf({ lostRounds, lostObservations, gap, unreadable }: HistoryBacklogFigures): string[] {
  const sentences: string[] = []
  if (gap !== null) {
    const [from, to] = [gap.from, gap.to].map((time) => new Date(time).toISOString())
    const rounds = `${count(lostRounds, 'round', 'rounds')} (${count(lostObservations, 'observation', 'observations')})`
    sentences.push(
      `${rounds} were judged but not recorded because too much waited, lately from ${from} to ${to}`,
    )
  }
  if (unreadable > 0)
    sentences.push(
      `${count(unreadable, 'entry', 'entries')} could not be read, see streams …:observations:unreadable`,
    )
  return sentences
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
