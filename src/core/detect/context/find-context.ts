// Compares a domain with the context lists. A finding lowers confidence in flux visibly, through the decision; nothing here
// vetoes, and nothing hides an observation.
import type { BenignAddressClass } from '../model/classes.ts'
import { OWNER_LIST } from './catalogue.ts'
import type { MatchedBy } from './context-list.ts'
import { listedOwner } from './listed-owner.ts'
import { listedAbove } from './suffix-index.ts'
import type { Listed } from './suffix-index.ts'

/** Share of the addresses that listed owners must hold together. Hand-set: injected benign addresses were a minority. */
export const OWNED_SHARE = 0.8

export interface OwnerShare {
  readonly organisation: string
  /** Share of all addresses of the name that it holds, those of unknown owner counted in; ratio 0…1. */
  readonly share: number
}

export interface ContextInput {
  /** The name itself, then the CNAME targets that its answers steadily lead through. A-labels, lower case, no trailing dot. */
  readonly names: readonly string[]
  /** Name servers of the zone, the parent's side and its own. */
  readonly nameServers: readonly string[]
  readonly owners: readonly OwnerShare[]
}

export interface ContextFinding {
  readonly list: string
  readonly entry: string
  readonly matched: MatchedBy
  /** The kind of benign address set that the match speaks for. */
  readonly explains: BenignAddressClass
  /** How strongly, nats; positive. */
  readonly nats: number
}

/**
 * The strongest match of each list, strongest first. Name servers count only when every one of them is in the same list, owners only
 * when listed ones hold nearly all addresses together.
 */
export function findContext({ names, nameServers, owners }: ContextInput): readonly ContextFinding[] {
  const found: ContextFinding[] = []
  for (let index = 0; index < names.length; index++) {
    for (const listed of listedAbove(names[index]!)) keep(found, listed, index === 0 ? 'name' : 'cname')
  }
  const [first] = nameServers
  if (first !== undefined) {
    for (const listed of listedAbove(first)) {
      const serveAll = nameServers.every((host) => listedAbove(host).some(({ list }) => list === listed.list))
      if (serveAll) keep(found, listed, 'name_server')
    }
  }
  const owner = findOwner(owners)
  if (owner !== null) found.push(owner)
  return found.length < 2 ? found : found.toSorted((a, b) => b.nats - a.nats || (a.list < b.list ? -1 : 1))
}

function keep(found: ContextFinding[], { list, entry }: Listed, matched: MatchedBy): void {
  const nats = list.nats[matched]
  if (nats === undefined) return
  const finding = { list: list.list, entry, matched, explains: list.explains, nats }
  const at = found.findIndex((one) => one.list === list.list)
  if (at === -1) found.push(finding)
  else if (isStronger(finding, found[at]!)) found[at] = finding
}

/** Among equals the longer entry says more; then the alphabet, so that no order of names matters. */
function isStronger(a: ContextFinding, b: ContextFinding): boolean {
  if (a.nats !== b.nats) return a.nats > b.nats
  return a.entry.length === b.entry.length ? a.entry < b.entry : a.entry.length > b.entry.length
}

function findOwner(owners: readonly OwnerShare[]): ContextFinding | null {
  const nats = OWNER_LIST.nats.owner!
  const held = new Map<string, number>()
  let sum = 0
  let unlisted = 0
  for (const { organisation, share } of owners) {
    const entry = listedOwner(organisation)
    if (entry === null) {
      unlisted += share
      // A botnet has hundreds of owners; a fifth of the addresses is enough to know.
      if (unlisted > 1 - OWNED_SHARE + 1e-9) return null
      continue
    }
    held.set(entry, (held.get(entry) ?? 0) + share)
    sum += share
  }
  if (sum < OWNED_SHARE) return null
  const [entry, share] = [...held].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!
  // Several owners, none of whom has nearly all: a site that is spread over several such networks.
  const explains = share >= OWNED_SHARE ? OWNER_LIST.explains : 'multi-cdn'
  return { list: OWNER_LIST.list, entry, matched: 'owner', explains, nats }
}
