// The questions that history answers, asked at random of a large one: one page of each, and how long it took. Asked once of what this
// process has not asked before, and once more.
import type { Pivot } from '../../src/core/model/seen-record.ts'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import { AddressBook, botnetOf, facts } from './address-book.ts'
import { Chance } from './chance.ts'
import { WORLD_START, type NameClass, type World, type WorldName } from './world.ts'

export interface Answered {
  readonly question: string
  /** ms. */
  readonly first: Quantiles
  readonly again: Quantiles
  /** Items of a page, mean. */
  readonly items: number
}

export interface Quantiles {
  readonly p50: number
  readonly p95: number
  readonly worst: number
}

const LIMIT = 100
const DAY_MS = 86_400_000
const KINDS: readonly NameClass[] = ['still', 'cdn', 'parked', 'flux']

/** Prepares one call; what it fetches for that is not measured. */
type Ask = (chance: Chance) => (() => Promise<number>) | Promise<() => Promise<number>>

export async function askAll(
  history: HistoryStore,
  world: World,
  calls: number,
  progress: (line: string) => void,
): Promise<Answered[]> {
  const answered: Answered[] = []
  for (const [question, ask] of Object.entries(questionsOf(history, world))) {
    const chance = new Chance(answered.length + 1)
    const asked: (() => Promise<number>)[] = []
    for (let call = 0; call < calls; call += 1) asked.push(await ask(chance))
    const first = await timed(asked)
    const again = await timed(asked)
    answered.push({ question, first: first.times, again: again.times, items: first.items / calls })
    const { p50, p95 } = first.times
    progress(`${question.padEnd(60)} p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`)
  }
  return answered
}

async function timed(
  asked: readonly (() => Promise<number>)[],
): Promise<{ times: Quantiles; items: number }> {
  const times: number[] = []
  let items = 0
  for (const ask of asked) {
    const startedAt = performance.now()
    items += await ask()
    times.push(performance.now() - startedAt)
  }
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return { times: { p50: at(0.5), p95: at(0.95), worst: at(1) }, items }
}

function questionsOf(history: HistoryStore, world: World): Readonly<Record<string, Ask>> {
  const book = new AddressBook(new Chance(7))
  const end = WORLD_START + world.days * DAY_MS
  const everything = {
    from: null,
    to: null,
    vantage: null,
    type: null,
    everyMs: null,
    cursor: null,
    limit: LIMIT,
  }
  const byKind = new Map(KINDS.map((kind) => [kind, world.names.filter((name) => name.kind === kind)]))
  const anyName = (chance: Chance, kind = KINDS[chance.below(KINDS.length)]!): WorldName => {
    const names = byKind.get(kind)!
    return names[chance.below(names.length)]!
  }
  const hourOf = (chance: Chance, { from, to }: WorldName): number => from + chance.below(to - from)
  const anyAddress = (chance: Chance): string => {
    const name = anyName(chance)
    return book.seenOf(name, hourOf(chance, name), chance.below(3)).ipv4[0]!
  }
  const anyWeek = (chance: Chance, name: WorldName) => {
    const from = WORLD_START + hourOf(chance, name) * 3_600_000
    return { from, to: from + 7 * DAY_MS }
  }
  const at = (pivot: Pivot, seenSince: number | null = null) => ({ pivot, seenSince, limit: LIMIT })
  const countOf = async (page: Promise<{ readonly items: readonly unknown[] }>): Promise<number> =>
    (await page).items.length

  /** The first page of records at a pivot, or one further on, whose cursor was fetched before. */
  const pivot =
    (make: (chance: Chance) => Pivot, seenSince: number | null = null): Ask =>
    (chance) => {
      const query = at(make(chance), seenSince)
      return () => countOf(history.recordsAt({ ...query, cursor: null }))
    }
  const laterPivot =
    (make: (chance: Chance) => Pivot): Ask =>
    async (chance) => {
      const query = at(make(chance))
      let cursor: string | null = null
      for (let left = 1 + chance.below(5); left > 0; left -= 1) {
        const { next }: { next: string | null } = await history.recordsAt({ ...query, cursor })
        if (next === null) break
        cursor = next
      }
      return () => countOf(history.recordsAt({ ...query, cursor }))
    }
  const series =
    (filters: (chance: Chance, name: WorldName) => object): Ask =>
    (chance) => {
      const name = anyName(chance)
      const query = { ...everything, targets: targetsOf(name), ...filters(chance, name) }
      return () => countOf(history.observations(query))
    }
  const address = (chance: Chance): Pivot => ({ kind: 'address', address: anyAddress(chance) })
  const asn = (chance: Chance): Pivot => ({ kind: 'asn', asn: facts(anyAddress(chance)).asn! })
  const country = (chance: Chance): Pivot => ({
    kind: 'country',
    country: facts(anyAddress(chance)).country!,
  })
  const prefix =
    (length: number) =>
    (chance: Chance): Pivot => ({
      kind: 'prefix',
      prefix: prefixOf(anyAddress(chance), length),
    })
  const host = (chance: Chance): Pivot => {
    const name = anyName(chance)
    return { kind: 'name_server', host: book.nameServersOf(name, name.from)[0]!.host }
  }

  return {
    'series of a name, from its start': series(() => ({})),
    'series of a name, a week of it': series(anyWeek),
    'series of a name, one vantage and type': series(() => ({ vantage: 'google', type: 'A' })),
    'series of a name, thinned to six hours': series(() => ({ everyMs: 6 * 3_600_000 })),
    'series of a name, thinned to a week': series(() => ({ everyMs: 7 * DAY_MS })),
    'records of a name': (chance) => {
      const { name } = anyName(chance)
      return () => countOf(history.records({ name, type: null, seenSince: null, cursor: null, limit: LIMIT }))
    },
    'records of a name, seen in the last week': (chance) => {
      const { name } = anyName(chance)
      const seenSince = end - 7 * DAY_MS
      return () => countOf(history.records({ name, type: null, seenSince, cursor: null, limit: LIMIT }))
    },
    'names at an address': pivot(address),
    'names at an address, a later page': laterPivot(address),
    'names in a prefix of 256': pivot(prefix(24)),
    'names in a prefix of 65,536': pivot(prefix(16)),
    'names in a prefix of 16 million': pivot(prefix(8)),
    'names in an AS': pivot(asn),
    'names in an AS, a later page': laterPivot(asn),
    'names in an AS, seen in the last week': pivot(asn, end - 7 * DAY_MS),
    'names in an AS, seen in the last hour': pivot(asn, end - 3_600_000),
    'names in a country': pivot(country),
    'names in a country, a later page': laterPivot(country),
    'names in a country, seen in the last hour': pivot(country, end - 3_600_000),
    'names of a name server': pivot(host),
    'names of a name server, a later page': laterPivot(host),
    'what changed for a name in a week': (chance) => {
      const name = anyName(chance)
      const query = { name: name.name, ...anyWeek(chance, name), cursor: null, limit: LIMIT }
      return () => countOf(history.changes(query))
    },
    'new addresses per hour of a name': (chance) => {
      const names = [anyName(chance).name]
      return () => countOf(history.newAddresses({ names, from: null, to: null, cursor: null, limit: LIMIT }))
    },
    'new addresses per hour of a network': (chance) => {
      const botnet = botnetOf({ index: chance.below(1000) })
      const names = byKind.get('flux')!.filter((name) => botnetOf(name) === botnet)
      const query = { names: names.map(({ name }) => name), from: null, to: null, cursor: null, limit: LIMIT }
      return () => countOf(history.newAddresses(query))
    },
    'life of an address': (chance) => {
      const one = anyAddress(chance)
      return async () => (await history.life(one))?.intervals.length ?? 0
    },
    'daily statistics': (chance) => {
      const from = WORLD_START + chance.below(30) * DAY_MS
      return () => countOf(history.statistics({ from, to: null, cursor: null, limit: LIMIT }))
    },
  }
}

/** As a domain's observations are asked for: its host and its zone. */
function targetsOf({ name }: WorldName): TargetId[] {
  return [targetId({ kind: 'host', name }), targetId({ kind: 'zone', name: name.slice('www.'.length) })]
}

function prefixOf(address: string, length: number): string {
  const octets = address.split('.').map((octet, place) => (place * 8 < length ? octet : '0'))
  return `${octets.join('.')}/${length}`
}
