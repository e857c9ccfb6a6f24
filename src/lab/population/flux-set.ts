// What a fluxing name shows of its agents: some seats that all clients see alike, or another draw for every question. Which agents
// there are is flux-campaign.ts's business.
import type { AgentPool } from '../agent-pool.ts'
import type { LabRegion } from '../regions.ts'
import { createSeats } from '../zones/flux-seats.ts'
import { typed } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import type { Draws, Range } from './benign-draws.ts'
import { drawCampaign, drawHomes, rounded } from './flux-campaign.ts'
import type { AgentHomes } from './flux-campaign.ts'
import type { DrawContext, Split } from './member.ts'

/** Addresses that are shown to an asker of the region at a time (ms), in the order of the answer. */
export type Show = (at: number, region: LabRegion) => readonly string[]

export interface FluxSet {
  readonly addresses: 'rotating-flux' | 'drawing-flux'
  readonly show: Show
  readonly pool: AgentPool
  readonly ttlSeconds: number
  readonly parameters: Readonly<Record<string, string | number>>
}

interface SetRanges {
  readonly ttlSeconds: readonly number[]
  readonly rotating: {
    readonly width: Range
    /** Shortest term of a seat, minutes, and the longest as a multiple of it. */
    readonly minMinutes: Range
    readonly maxFactor: Range
    readonly alive: Range
    /** Share of the agents that are alive, per hour. */
    readonly turnover: Range
  }
  readonly drawing: { readonly width: Range; readonly active: Range; readonly turnover: Range }
}

/**
 * TTL: 261 ± 60 s (FluXOR), 180 to 600 of 2007-09, 300 in 36 of 36 live rows of 2011, at most 60 in 2026. Width: 5 (Holz et al.), 8
 * (Konte et al.), 10 (26 of 36 rows of 2011). Pace: from 3-5 agents in the first hour of a young network to 98 ± 37 within three
 * (FluXOR). Two answers of ten shared one address or none (rows of 2011): a draw out of about a hundred.
 */
const FLUX_SET_RANGES: Readonly<Record<Split, SetRanges>> = {
  fit: {
    ttlSeconds: [60, 180, 300, 300, 600],
    rotating: {
      width: [5, 10],
      minMinutes: [8, 25],
      maxFactor: [1.2, 1.8],
      alive: [80, 1500],
      turnover: [0.02, 0.15],
    },
    drawing: { width: [5, 10], active: [20, 300], turnover: [0.03, 0.3] },
  },
  report: {
    ttlSeconds: [120, 240, 300, 450],
    rotating: {
      width: [4, 10],
      minMinutes: [10, 30],
      maxFactor: [1.1, 1.6],
      alive: [60, 2000],
      turnover: [0.01, 0.2],
    },
    drawing: { width: [4, 10], active: [15, 400], turnover: [0.02, 0.4] },
  },
}
/** Young networks (FluXOR) had this many new agents an hour; none has fewer. */
const LEAST_NEW_PER_HOUR = 3

export interface FluxSetOptions {
  /** Default: as drawHomes draws them. */
  readonly homes?: AgentHomes
  /** Default: one or the other, as often. */
  readonly form?: FluxSet['addresses']
  /** Default: of the ranges. */
  readonly ttlSeconds?: number
}

export function drawFluxSet(context: DrawContext, draws: Draws, options: FluxSetOptions = {}): FluxSet {
  const ranges = FLUX_SET_RANGES[context.split]
  const addresses = options.form ?? draws.oneOf(['rotating-flux', 'drawing-flux'] as const, 'form')
  const ttlSeconds = options.ttlSeconds ?? draws.oneOf(ranges.ttlSeconds, 'ttl')
  const homes = options.homes ?? drawHomes(context, draws)
  const isRotating = addresses === 'rotating-flux'
  const { width: widths, turnover } = isRotating ? ranges.rotating : ranges.drawing
  const width = draws.whole(widths, 'width')
  const alive = draws.spread(isRotating ? ranges.rotating.alive : ranges.drawing.active, 'alive')
  const turnoverPerHour = Math.max(LEAST_NEW_PER_HOUR, alive * draws.real(turnover, 'turnover'))
  const { pool, parameters } = drawCampaign(context, draws, homes, { alive, turnoverPerHour })
  const common = { addresses, pool, ttlSeconds }
  if (!isRotating) {
    const show: Show = (at, region) => drawDistinct(pool, width, at, region)
    return { ...common, show, parameters: { ...parameters, ttlSeconds, width } }
  }
  const minMinutes = draws.real(ranges.rotating.minMinutes, 'min-minutes')
  const maxMinutes = minMinutes * draws.real(ranges.rotating.maxFactor, 'max-factor')
  return {
    ...common,
    show: rotatingShow(context, pool, { count: width, minMinutes, maxMinutes }),
    parameters: {
      ...parameters,
      ttlSeconds,
      width,
      minMinutes: rounded(minMinutes),
      maxMinutes: rounded(maxMinutes),
    },
  }
}

/** The same seats for all askers, in an order that turns with the time. */
export function rotatingShow(
  { dice }: DrawContext,
  pool: AgentPool,
  seating: { readonly count: number; readonly minMinutes: number; readonly maxMinutes: number },
): Show {
  const seats = createSeats({ pool, ...seating }, dice)
  return (at) => turned(seats.occupantsAt(at), dice.below(seating.count, 'turn', at))
}

/** `count` different agents that are alive; a few less when hardly as many are. */
export function drawDistinct(
  pool: AgentPool,
  count: number,
  at: number,
  ...labels: readonly (string | number)[]
): readonly string[] {
  const shown = new Set<string>()
  for (let attempt = 0; shown.size < count && attempt < 3 * count; attempt++) {
    shown.add(pool.draw(at, 'shown', at, ...labels, attempt))
  }
  return [...shown]
}

/** The A records of what is shown. */
export function showing(show: Show, ttlSeconds: number): NameBehaviour {
  return ({ type }, { at, region }) => (type === 'A' ? typed('A', ttlSeconds, show(at, region)) : [])
}

function turned<T>(items: readonly T[], by: number): readonly T[] {
  return [...items.slice(by), ...items.slice(0, by)]
}
