import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/core/explain/explain.ts'
import { CHARACTERISTIC_IDS } from '../../../src/core/model/explanation.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { assessment, DOUBLE_FLUX, evidence, STILL } from './sample-assessments.ts'
import type { Values } from './sample-assessments.ts'

const observedOf = (values: Values) =>
  Object.fromEntries(
    explain(assessment(values), true).characteristics.map(({ id, observed }) => [id, observed]),
  )
const textOf = (values: Values, id: string) =>
  explain(assessment(values), true).characteristics.find((one) => one.id === id)!.text

describe('the seven characteristics', () => {
  it('are all there, in order, whatever was seen', () => {
    for (const values of [DOUBLE_FLUX, STILL, {}]) {
      expect(explain(assessment(values), true).characteristics.map(({ id }) => id)).toEqual(
        CHARACTERISTIC_IDS,
      )
    }
  })

  it('are seen in double flux, but for the hidden host, which DNS cannot show', () => {
    expect(observedOf(DOUBLE_FLUX)).toEqual({
      'different-machines': 'yes',
      'many-consumer-networks': 'yes',
      'low-ttl': 'yes',
      'hidden-host': 'unknown',
      'name-servers-flux': 'yes',
      'replaced-machines': 'yes',
      'shared-roles': 'yes',
    })
  })

  it('say their numbers', () => {
    const texts = explain(assessment(DOUBLE_FLUX), true).characteristics.map(({ text }) => text)
    expect(texts).toEqual([
      '11 later looks brought 2.46 new addresses each on average; 41 A addresses in all.',
      "One vantage saw addresses of 17 operators, in 12 countries; 90 % of those whose owner's name tells are with access providers.",
      'The largest TTL of a fresh A answer was 180 seconds. Alone it says nothing: half of the benign names are at 300 s or less.',
      'Not visible by DNS: it shows the addresses that clients are sent to, never what stands behind them.',
      '8 new addresses came behind 4 name servers; one vantage saw them with 9 operators.',
      "62 % of a look's addresses were there the look before, 3 % came back after an absence, half of those that are gone were seen for at most 540 s, 4 % of the questions failed (11 looks).",
      '75 % of the 12 name-server addresses are addresses of the name too.',
    ])
  })

  it('are not seen in a site that stands still, and unknown where it was not watched for long', () => {
    expect(observedOf(STILL)).toEqual({
      'different-machines': 'no',
      'many-consumer-networks': 'no',
      'low-ttl': 'no',
      'hidden-host': 'unknown',
      'name-servers-flux': 'unknown',
      'replaced-machines': 'no',
      'shared-roles': 'unknown',
    })
    expect(observedOf({ ...STILL, ns_watched: 300_000 })['name-servers-flux']).toBe('no')
  })

  it('are all unknown when nothing was seen', () => {
    expect(new Set(Object.values(observedOf({})))).toEqual(new Set(['unknown']))
    expect(new Set(Object.values(observedOf({ a_addresses: 0, ns_addresses: 0 })))).toEqual(
      new Set(['unknown']),
    )
  })

  it('are unknown after too few looks, not absent', () => {
    const early = { ...STILL, a_growth: [0, 1], a_windows: 2, a_continuing_share: [1, 1] } as Values
    expect(observedOf(early)).toMatchObject({
      'different-machines': 'unknown',
      'many-consumer-networks': 'unknown',
      'replaced-machines': 'unknown',
    })
  })

  it('do not say that name servers stand still that were seen once only', () => {
    expect(textOf({ ...STILL, ns_watched: 0 }, 'name-servers-flux')).toMatch(
      /^No name server was seen with two/,
    )
  })

  it('do not take a hoster that renumbers its name servers for flux', () => {
    const moved = { ...STILL, ns_new_addresses: 2, ns_changed_hosts: 2, ns_operators_per_vantage: 1 }
    expect(observedOf(moved)['name-servers-flux']).toBe('unknown')
    expect(textOf(moved, 'name-servers-flux')).toMatch(/So do operators of name servers who move\.$/)
  })

  it('do not take many networks of hosting companies, or of unknown kind, for consumers', () => {
    expect(observedOf({ ...DOUBLE_FLUX, a_access_share: 0.2 })['many-consumer-networks']).toBe('no')
    expect(observedOf({ ...DOUBLE_FLUX, a_access_share: null })['many-consumer-networks']).toBe('unknown')
  })

  it('do not say that machines are dropped where each answer is a new draw', () => {
    const draw = { ...DOUBLE_FLUX, a_continuing_share: [0.1, 11] } as Values
    expect(observedOf(draw)['replaced-machines']).toBe('unknown')
    expect(textOf(draw, 'replaced-machines')).toMatch(/need not be down\.$/)
  })

  it('are read from the AAAA set when that is the one that moves', () => {
    const values = { ...STILL, aaaa_addresses: 20, aaaa_growth: [1.5, 8] } as Values
    expect(observedOf(values)['different-machines']).toBe('yes')
    expect(textOf(values, 'different-machines')).toMatch(/20 AAAA addresses in all\.$/)
  })
})

describe('the sentences', () => {
  it('are evidence and context in order of weight, each with direction and weight', () => {
    const { sentences } = explain(
      assessment(DOUBLE_FLUX, {
        evidence: [evidence('a-growth', 3.1), evidence('a-width', -0.4)],
        context: [
          { list: 'cdn-names', entry: 'akamai.net', effect: -2, matched: 'cname', explains: 'cdn' },
          { list: 'dns-seeds', entry: 'dnsseed.z.cash', effect: 0 },
        ],
      }),
      true,
    )
    expect(sentences).toEqual([
      'For flux, 3.10 nats: Sentence of a-growth.',
      'Against flux, 2.00 nats: its answers lead through a name that is on the list cdn-names (akamai.net).',
      'Against flux, 0.40 nats: Sentence of a-width.',
      'Known look-alike, nothing to lower: it is on the list dns-seeds (dnsseed.z.cash).',
    ])
  })
})

describe('the summary', () => {
  const summaryOf = (change: Parameters<typeof assessment>[1]) =>
    explain(assessment(STILL, change), true).summary

  it('says what fluxes, on what it rests, and what weighs most', () => {
    expect(explain(assessment(DOUBLE_FLUX), true).summary).toBe(
      'bad.example: its addresses and its name servers flux (double flux); score 0.998 after 12 rounds in 840 s. What weighs most: Sentence of a-growth.',
    )
  })

  it('never calls a name harmless, and says what it resembles and since when it stands still', () => {
    const still = summaryOf({
      verdict: 'no_flux_seen',
      fluxType: null,
      score: 0.01,
      evidence: [],
      quietSince: Date.UTC(2026, 10, 20),
    })
    expect(still).toBe(
      'bad.example: no flux was seen, which does not make it harmless; score 0.01 after 12 rounds in 840 s. Of all that is benign its addresses behave most like: volunteer-pool (70 %). What moved before has stood still since 2026-11-20T00:00:00.000Z.',
    )
  })

  it('reads an assessment that was stored before there was anything to resemble', () => {
    const { innocent: _innocent, quietSince: _quietSince, ...old } = assessment(STILL)
    const summary = explain(
      { ...(old as ReturnType<typeof assessment>), verdict: 'suspicious' },
      true,
    ).summary
    expect(summary).toMatch(/^bad\.example: it leans to flux/)
    expect(summary).not.toMatch(/behave|still since/)
  })
})

describe('what would change the verdict', () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    fluxExitScore: 0.5,
    suspiciousScore: 0.5,
    suspiciousExitScore: 0.35,
  }
  const changesOf = (change: Parameters<typeof assessment>[1], values: Values = DOUBLE_FLUX) =>
    explain(assessment(values, change), true, policy).wouldChange

  it('for flux is the margin over the bar, ln(0.998 / 0.002) = 6.21 nats, and who carries it', () => {
    expect(changesOf({})).toEqual([
      'The verdict is withdrawn when the score falls under 0.5: it stands 6.21 nats (log-odds) above.',
      'No single piece of evidence carries it: the heaviest, “a-growth”, weighs 3.10 nats.',
      'After 86400 s without a new address what was seen fades, by half every 43200 s.',
    ])
    expect(changesOf({ score: 0.9 })[1]).toBe('Without “a-growth” (3.10 nats) it would hardly stand.')
  })

  it('calls the margin of a rounded score a least one', () => {
    expect(changesOf({ score: 0.9999 })[0]).toMatch(/it stands at least 9\.21 nats/)
  })

  it('for single flux includes the name servers until they were watched for long', () => {
    const single = { fluxType: 'single' } as const
    const open = 'New addresses behind its name servers would make it double flux'
    expect(changesOf(single, STILL).filter((text) => text.startsWith(open))).toHaveLength(1)
    expect(changesOf(single, { ...STILL, ns_watched: 300_000 }).join()).not.toContain(open)
  })

  it('names what a context list took, and a missing ASN database', () => {
    const changes = changesOf(
      { context: [{ list: 'cdn-names', entry: 'akamai.net', effect: -2 }] },
      { ...DOUBLE_FLUX, a_asns: null },
    )
    expect(changes).toContain('Without the entry akamai.net of cdn-names, 2.00 nats would not be taken off.')
    expect(changes.at(-1)).toMatch(/^An ASN database/)
  })

  it('for a name that is not decided yet is the bounds, and the time that it takes at least', () => {
    const pending = { verdict: 'pending', fluxType: null, score: 0.3 } as const
    const floor = /^`no_flux_seen` takes at least 3 rounds and 600 s/
    expect(changesOf({ ...pending, rounds: 2 })).toEqual([
      expect.stringMatching(/it stands at 0\.3\.$/),
      expect.stringMatching(floor),
    ])
    expect(changesOf({ ...pending, rounds: 9, observedForSeconds: 900 }).join()).not.toMatch(floor)
  })

  it.each(['pending', 'suspicious', 'no_flux_seen', 'unresolvable'] as const)(
    'is said for %s too',
    (verdict) => {
      const changes = changesOf({ verdict, fluxType: null, score: 0.4 }, {})
      expect(changes.length).toBeGreaterThan(0)
      expect(changes.join()).not.toMatch(/NaN|undefined|null|Infinity/)
    },
  )
})

describe('the headings of the advisory', () => {
  it('are numbered (1) to (8), and say where DNS cannot speak', () => {
    const points = explain(assessment(DOUBLE_FLUX), true).advisory
    expect(points.map(({ heading }) => heading.slice(0, 3))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `(${number})`),
    )
    const blind = points.filter(({ text }) => text.startsWith('Not visible by DNS'))
    expect(blind.map(({ heading }) => heading.slice(0, 3))).toEqual(['(5)', '(7)'])
  })

  it('carry the numbers that were measured under them', () => {
    const texts = explain(assessment({ ...DOUBLE_FLUX, a_flagged_neighbours: 3 }), true).advisory.map(
      ({ text }) => text,
    )
    expect(texts[0]).toBe(
      'Shares addresses with 3 registrable domains that fluxwatch has called flux, and name-server addresses with 0.',
    )
    expect(texts[1]).toBe(
      '41 A addresses in 840 s, 2.46 new at each independent look on average; entropy over /16 networks 0.98 of 1.',
    )
    expect(texts[2]).toMatch(/^Fresh answers live at most 180 s\./)
    expect(texts[3]).toMatch(/^The A addresses are in 12 countries\./)
    expect(texts[5]).toBe('Score 0.998; 1 of 2 published detectors would flag it (holz-2008).')
  })

  it('say what is not known instead of a zero', () => {
    const texts = explain(assessment({}), true).advisory.map(({ text }) => text)
    expect(texts.slice(0, 4)).toEqual([
      'Not compared with other names.',
      'No address was seen.',
      'No TTL was seen.',
      'The countries of the addresses are not known.',
    ])
  })
})

describe('the next look', () => {
  it('has its time, and the seconds from this one', () => {
    expect(explain(assessment(STILL), true).nextProbe).toBe(
      'The next look is due at 2026-11-22T12:03:00.000Z, 180 s after this one.',
    )
  })

  it('is not promised for a name that is not watched any more', () => {
    expect(explain(assessment(STILL), false).nextProbe).toMatch(/^No look is due/)
  })
})
