// The API over the real store: what it answers is what the plain way of working it out answers, page by page and as a stream.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiInstance } from '../../src/api/api-instance.ts'
import { buildApp } from '../../src/api/app.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { HistoryStore } from '../../src/store/history/history-store.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { InMemoryHouse, START_MS } from '../support/in-memory-ports.ts'
import { ask } from './contract.ts'
import { aliasOf, observationOf, OPTIONS } from './house.ts'

interface Page {
  readonly items: readonly unknown[]
  readonly next: string | null
  readonly links: { readonly next?: string }
}

const HOUR_MS = 3_600_000

/** Three days of a fluxing name behind an alias, its name servers that stand still, a stranger, and what a sensor had. */
function world(): StoredObservation[] {
  const rows: StoredObservation[] = []
  for (let round = 0; round < 24; round++) {
    const at = START_MS + round * 3 * HOUR_MS
    for (const [index, vantage] of ['quad9', 'cloudflare'].entries()) {
      const common = { at: at + index * 900, vantage, round: round + 1 }
      // As many digits each: stores may order addresses as numbers or as texts.
      const octet = (round % 7) + 10 * (index + 1)
      rows.push(
        observationOf('bad.example', round, {
          ...common,
          id: `a-${round}-${vantage}`,
          answer: [1, 2].map((host) => ({
            name: 'bad.example',
            type: 'A',
            ttlSeconds: 60,
            data: `20.0.${host}.${octet}`,
          })),
          ...(round % 5 === 4 && { outcome: 'failed', failure: 'timeout', rcode: 'TIMEOUT', answer: [] }),
        }),
        observationOf('bad.example', round, {
          ...common,
          id: `ns-${round}-${vantage}`,
          target: 'zone:bad.example',
          qtype: 'NS',
          answer: ['ns1.bulk.example', 'ns2.bulk.example'].map((data) => ({
            name: 'bad.example',
            type: 'NS',
            ttlSeconds: 3600,
            data,
          })),
        }),
        observationOf('still.example', round, {
          ...common,
          id: `still-${round}-${vantage}`,
          answer: [{ name: 'still.example', type: 'AAAA', ttlSeconds: 60, data: '2a00:1::7' }],
          qtype: 'AAAA',
        }),
      )
    }
  }
  rows.push(
    ...[0, 70].map((hours) => aliasOf('www.bad.example', 'bad.example', START_MS + hours * HOUR_MS)),
    observationOf('imported.example', 0, {
      id: 'sensor-1',
      vantage: 'sensor:office',
      round: 0,
      at: START_MS + HOUR_MS,
      told: { firstSeen: START_MS - 50 * HOUR_MS, count: 40 },
      answer: [{ name: 'imported.example', type: 'A', ttlSeconds: 60, data: '20.0.1.13' }],
    }),
  )
  return rows
}

const PLACES = [
  { address: '20.0.1.13', asn: 64_500, organisation: 'One', country: 'BR' },
  { address: '20.0.2.13', asn: 64_500, organisation: 'One', country: 'UA' },
  { address: '2a00:1::7', asn: 64_501, organisation: 'Two', country: 'UA' },
]

const QUESTIONS = [
  '/v1/domains/bad.example/observations',
  '/v1/domains/bad.example/observations?every=21600&type=A',
  '/v1/domains/bad.example/observations?from=2026-11-23&to=2026-11-24&vantage=quad9',
  '/v1/domains/imported.example/observations',
  '/v1/domains/bad.example/rrsets',
  '/v1/domains/bad.example/rrsets?type=A&seen_since=2026-11-25T00:00:00Z',
  '/v1/domains/imported.example/rrsets',
  '/v1/domains/bad.example/changes',
  '/v1/domains/still.example/changes',
  '/v1/domains/bad.example/changes?from=2026-11-23&to=2026-11-24',
  '/v1/domains/www.bad.example/new-addresses',
  '/v1/domains/www.bad.example/new-addresses?from=2026-11-23T00:00:00Z',
  '/v1/ips/20.0.1.13',
  '/v1/ips/2a00:1::7',
  '/v1/ips/20.0.9.9',
  '/v1/prefixes/20.0.1.0/24',
  '/v1/prefixes/2a00:1::/32',
  '/v1/asns/64500',
  '/v1/countries/ua',
  '/v1/nameservers/ns2.bulk.example',
  '/v1/statistics',
  '/v1/statistics?from=2026-11-23T12:00:00Z&to=2026-11-24T12:00:00Z',
]

describe('the API over SQLite', () => {
  let directory: string
  let store: HistoryStore
  let stored: ApiInstance
  let plain: ApiInstance

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fluxwatch-api-history-'))
    store = await openSqliteHistory(join(directory, 'history.sqlite'))
    const house = new InMemoryHouse()
    house.nowMs = START_MS + 72 * HOUR_MS
    house.watch('bad.example', OPTIONS)
    house.observations.push(...world())
    for (const place of PLACES) house.places.set(place.address, place)
    await store.append(world())
    await store.place(PLACES)
    const common = { config: { apiKeys: [] }, logger: pino({ level: 'silent' }), version: '0.0.0-test' }
    plain = await buildApp({ ...common, ports: house.ports })
    stored = await buildApp({ ...common, ports: { ...house.ports, history: store, records: store } })
  })
  afterAll(async () => {
    await stored?.close()
    await plain?.close()
    await store?.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** What a page says besides its items, and the items of all pages. */
  async function pagesOf(app: ApiInstance, url: string, limit: number) {
    const items: unknown[] = []
    let next: string | undefined = `${url}${url.includes('?') ? '&' : '?'}limit=${limit}`
    let head: unknown
    while (next !== undefined) {
      const page: Page = (await ask(app, { url: next })).json()
      const { items: some, next: _cursor, links, ...rest } = page
      head ??= rest
      items.push(...some)
      next = links.next
    }
    return { head, items }
  }

  test.each(QUESTIONS)('answers GET %s', async (url) => {
    const expected = await pagesOf(plain, url, 1000)
    expect(await pagesOf(stored, url, 1000)).toEqual(expected)
    expect(await pagesOf(stored, url, 3)).toEqual(expected)
    for (const accept of ['application/x-ndjson', 'text/csv']) {
      const request = { url, headers: { accept } }
      expect((await ask(stored, request)).body).toBe((await ask(plain, request)).body)
    }
  })

  test('has something to say to most of the questions', async () => {
    const answered = await Promise.all(QUESTIONS.map((url) => pagesOf(stored, url, 1000)))
    const silent = QUESTIONS.filter((_, index) => answered[index]!.items.length === 0)
    expect(silent).toEqual(['/v1/domains/still.example/changes', '/v1/ips/20.0.9.9'])
  })

  test.each([...new Set(QUESTIONS.map((url) => url.split('?')[0]!))])(
    'refuses a cursor of another question for %s',
    async (url) => {
      const response = await ask(stored, { url: `${url}?cursor=bWFkZS11cA` })
      expect(response.statusCode).toBe(422)
      expect(response.json().errors[0].pointer).toBe('/query/cursor')
    },
  )
})
