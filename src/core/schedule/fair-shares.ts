// Who gets how much of the room when not all that is due can be probed: tenants share by weight, and what one does not need goes to the
// others. Inside of a tenant the oldest due goes first, which is its user's business.

/** What is due of a tenant in one place: of first rounds that go before others, and of all others. */
export interface LaneDemand {
  readonly tenant: string
  readonly express: number
  readonly due: number
}

/** What may be claimed of it. */
export type LaneQuota = LaneDemand

/** Weights of tenants; 1 for who is not in it. */
export type TenantWeights = ReadonlyMap<string, number>

/** Parts of a unit that each tenant is still owed, from one sharing to the next. */
export type Carried = ReadonlyMap<string, number>

/**
 * Shares `room` units among the tenants that want some. Nobody gets more than it wants, nothing is left while somebody wants
 * more, and over many calls with the same demands each gets its weight's share to within one unit: parts of a unit are carried.
 */
export function shareRoom(
  wanted: ReadonlyMap<string, number>,
  weights: TenantWeights,
  room: number,
  carried: Carried = new Map(),
): { readonly shares: ReadonlyMap<string, number>; readonly carried: Carried } {
  const shares = new Map<string, number>()
  let open = [...wanted].filter(([, units]) => units > 0)
  let left = room
  // Whoever wants no more than its share is served whole; what that leaves makes the shares of the others larger.
  for (;;) {
    const total = open.reduce((sum, [tenant]) => sum + weightOf(tenant, weights), 0)
    const served = open.filter(([tenant, units]) => units * total <= left * weightOf(tenant, weights))
    if (served.length === 0) break
    for (const [tenant, units] of served) {
      shares.set(tenant, units)
      left -= units
    }
    open = open.filter((one) => !served.includes(one))
  }
  const owed = new Map<string, number>()
  const total = open.reduce((sum, [tenant]) => sum + weightOf(tenant, weights), 0)
  for (const [tenant] of open) {
    owed.set(tenant, (left * weightOf(tenant, weights)) / total + (carried.get(tenant) ?? 0))
  }
  for (const [tenant, units] of open) {
    const whole = Math.min(units, left, Math.max(0, Math.floor(owed.get(tenant)!)))
    shares.set(tenant, whole)
    left -= whole
    owed.set(tenant, owed.get(tenant)! - whole)
  }
  // The rest, unit by unit, to whom most is owed.
  while (left > 0) {
    const next = open
      .filter(([tenant, units]) => shares.get(tenant)! < units)
      .toSorted(([a], [b]) => owed.get(b)! - owed.get(a)!)[0]
    if (next === undefined) break
    const [tenant] = next
    shares.set(tenant, shares.get(tenant)! + 1)
    owed.set(tenant, owed.get(tenant)! - 1)
    left -= 1
  }
  return { shares, carried: owed }
}

/**
 * Spreads `units` over places by what each has; the sum of what is given is the smaller of `units` and of all that there is.
 * The rounding favours the places that stand first.
 */
export function spreadUnits(units: number, there: readonly number[]): number[] {
  const all = there.reduce((sum, here) => sum + here, 0)
  if (units >= all) return [...there]
  const given = there.map((here) => Math.floor((units * here) / all))
  let left = units - given.reduce((sum, some) => sum + some, 0)
  for (let place = 0; left > 0; place = (place + 1) % there.length) {
    if (given[place]! < there[place]!) {
      given[place]! += 1
      left -= 1
    }
  }
  return given
}

function weightOf(tenant: string, weights: TenantWeights): number {
  return weights.get(tenant) ?? 1
}
