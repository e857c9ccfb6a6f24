// Whether a record that was last seen in a window is gone, or nobody has looked since: what is still there was last seen a moment
// ago, too.
import type { QuestionType } from '../../core/dns/record.ts'
import { LONGEST_ROUND_MS } from '../../core/history/thinned-rounds.ts'
import type { RecordChange, RecordHistory } from '../../core/model/seen-record.ts'
import { targetId } from '../../core/model/target.ts'
import type { ObservationHistory } from '../ports.ts'

/** Observations that are read to find one that did not fail: a few rounds of many vantages. */
const LOOKED_AT = 200

/** An alias is told by answers to every question. */
const ASKED_FOR: Readonly<Record<string, QuestionType>> = { A: 'A', AAAA: 'AAAA', NS: 'NS' }

interface Ports {
  readonly records: Pick<RecordHistory, 'records'>
  readonly history: ObservationHistory
}

/**
 * Changes of one name, `gone` only where an answer for it came later than the round that had the record; without those of which
 * then nothing is left. An answer is another record of the type, or an observation that did not fail.
 */
export async function confirmGone(
  name: string,
  changes: readonly RecordChange[],
  ports: Ports,
): Promise<readonly RecordChange[]> {
  const latestLook = new Map<string, number>()
  const byType = Map.groupBy(
    changes.filter(({ gone }) => gone),
    ({ record }) => record.type,
  )
  await Promise.all(
    [...byType].map(async ([type, gone]) => {
      const latest = Math.max(...gone.map(({ record }) => record.lastSeen))
      const isAnswered = await isAnsweredSince(name, type, latest + LONGEST_ROUND_MS, ports)
      latestLook.set(type, isAnswered ? Infinity : latest)
    }),
  )
  return changes
    .map(({ record, appeared, gone }) => ({
      record,
      appeared,
      gone: gone && record.lastSeen + LONGEST_ROUND_MS <= latestLook.get(record.type)!,
    }))
    .filter(({ appeared, gone }) => appeared || gone)
}

async function isAnsweredSince(
  name: string,
  type: string,
  since: number,
  { records, history }: Ports,
): Promise<boolean> {
  const replaced = await records.records({ name, type, seenSince: since, cursor: null, limit: 1 })
  if (replaced.items.length > 0) return true
  const looks = await history.observations({
    targets: [targetId({ kind: 'host', name }), targetId({ kind: 'zone', name })],
    from: since,
    to: null,
    vantage: null,
    type: ASKED_FOR[type] ?? null,
    everyMs: null,
    cursor: null,
    limit: LOOKED_AT,
  })
  return looks.items.some(({ outcome }) => outcome !== 'failed')
}
