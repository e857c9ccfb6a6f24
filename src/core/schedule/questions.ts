// What is asked of a target in one round.
import type { Question } from '../dns/record.ts'
import type { Target } from '../model/target.ts'

/** A host: its addresses of both families (the CNAME chain comes along). A zone: its name servers and its SOA. */
export function questionsFor({ kind, name }: Target): readonly Question[] {
  return kind === 'host'
    ? [
        { name, type: 'A' },
        { name, type: 'AAAA' },
      ]
    : [
        { name, type: 'NS' },
        { name, type: 'SOA' },
      ]
}
