// What is still open about a name: the schedule asks for nothing else of the detector. Decides when the type of a flux verdict
// can be relied on, and whether further looks at the name itself are wanted soon.
import type { FluxType, VerdictName } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { HostSeries } from '../series/host-series.ts'

export interface Outlook {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  /** Posterior probability that the name fluxes, 0…1. */
  readonly score: number
  /** Whether the half that is not called fluxing was watched long enough to say so; true when there is no flux type. */
  readonly typeSettled: boolean
}

export function outlookOf(
  series: DomainSeries,
  { verdict, fluxType, score }: Pick<Outlook, 'verdict' | 'fluxType' | 'score'>,
  policy: Policy,
): Outlook {
  return { verdict, fluxType, score, typeSettled: isTypeSettled(series, fluxType, policy) }
}

/**
 * Whether looking at the host's addresses soon can change what is said. Single flux with name servers that were not watched
 * for long is open too, but there the zone and its name servers have the answer, on a schedule of their own.
 */
export function isOpenForHost({ verdict, fluxType, typeSettled }: Outlook): boolean {
  return verdict === 'pending' || verdict === 'suspicious' || (fluxType === 'ns' && !typeSettled)
}

function isTypeSettled(
  { host, zone, nameServers }: DomainSeries,
  fluxType: FluxType | null,
  policy: Policy,
): boolean {
  if (fluxType === null || fluxType === 'double') return true
  const others = fluxType === 'ns' ? [host] : [...nameServers, ...(zone?.delegation?.glue ?? [])]
  return others.some((series) => answeredForSeconds(series) >= policy.settledTypeSeconds)
}

/** From the first fresh answer to the latest one of any kind; seconds. */
function answeredForSeconds({ views, lastAnswerAt }: HostSeries): number {
  const first = views.reduce((earliest, view) => Math.min(earliest, view.firstFreshAt), Infinity)
  return lastAnswerAt === null ? 0 : (lastAnswerAt - first) / 1000
}
