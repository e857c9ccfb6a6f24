// Whether enough was seen to leave `pending`, and the sentence that says what is lacking.
import type { EvidenceFloor } from '../policy.ts'

export interface Watched {
  readonly rounds: number
  readonly freshAnswers: number
  readonly observedSeconds: number
  /** New addresses beyond the first answer, of what the verdict is about. */
  readonly moved: number
}

export function reachesFloor(watched: Watched, floor: EvidenceFloor): boolean {
  return (
    watched.rounds >= floor.rounds &&
    watched.freshAnswers >= floor.freshAnswers &&
    watched.observedSeconds >= floor.observedSeconds &&
    watched.moved >= floor.moved
  )
}

/** For example `1 of 3 rounds, 20 of 60 seconds`; empty when nothing lacks. */
export function describeLack(watched: Watched, floor: EvidenceFloor): string {
  const parts = [
    { have: watched.rounds, want: floor.rounds, what: 'rounds' },
    { have: watched.freshAnswers, want: floor.freshAnswers, what: 'fresh answers' },
    { have: watched.observedSeconds, want: floor.observedSeconds, what: 'seconds' },
    { have: watched.moved, want: floor.moved, what: 'new addresses after the first answer' },
  ]
  return parts
    .filter(({ have, want }) => have < want)
    .map(({ have, want, what }) => `${have} of ${want} ${what}`)
    .join(', ')
}
