// `fluxwatch check`: watches names from this process, without Redis, by the very rounds that the service runs.
import { setTimeout as delay } from 'node:timers/promises'
import { makeLinks } from '../api/presenters/links.ts'
import { presentVerdict } from '../api/presenters/verdict-presenter.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Assessment, VerdictName } from '../core/model/assessment.ts'
import { parseDomain } from '../core/names/parse-domain.ts'
import { DEFAULT_POLICY } from '../core/policy.ts'
import { NO_OPT_OUT } from '../dns/opt-out-list.ts'
import { probeRound } from '../queue/probe-round.ts'
import { MemoryTargets } from '../store/memory-targets.ts'
import { openProbing } from '../wiring/probing.ts'
import { configuredPolicy, loadEnrichment, loadOptOut } from '../wiring/settings.ts'
import { ToldError } from './told-error.ts'
import { verdictLines } from './verdict-text.ts'

/** Exit codes of the contract: 0 no flux seen, 1 flux, 3 undecided (2, an error, is set by main.ts). */
const EXIT = { noFlux: 0, flux: 1, undecided: 3 } as const
const LEASE_MS = 60_000
const LOOK_MS = 200

export interface CheckOptions {
  readonly forSeconds: number
  readonly json: boolean
}

/** Prints one verdict a domain and sets the exit code. Ends early when every domain is decided. */
export async function check(inputs: readonly string[], options: CheckOptions): Promise<void> {
  const names = inputs.map(parseName)
  const config = readConfig()
  const clock = systemClock
  const databases = await loadEnrichment(config)
  const optOut = (await loadOptOut(config)) ?? NO_OPT_OUT
  const refused = names.find((name) => optOut.coversName(name))
  if (refused !== undefined) throw new ToldError(`${refused}: on the opt-out list, not probed (opted_out)`)
  const { prober, enrichment, figures, close } = await openProbing({ config, clock, optOut, databases })
  const policy = configuredPolicy(DEFAULT_POLICY, config)
  const started = clock.now()
  const watchUntil = started + options.forSeconds * 1000
  const store = new MemoryTargets({
    onCommit(commit) {
      if (commit.domain) tell(commit.domain.assessment, commit.nextDueAt, clock.now())
    },
  })
  for (const name of names) store.watch(name, started, { watchUntil, intervalSeconds: null })
  if (!enrichment.hasAsn)
    note('no ASN database: more evidence is asked for (fluxwatch geo update brings one)')
  const vantages = figures().vantages.map(({ id }) => id)
  note(`watching ${names.join(', ')} through ${vantages.join(', ')} for at most ${options.forSeconds} s`)
  try {
    await watch(names, { store, prober, enrichment, policy, clock }, watchUntil)
  } finally {
    await close()
  }
  report(names, store, options.json)
}

async function watch(
  names: readonly string[],
  parts: Parameters<typeof probeRound>[1] & { store: MemoryTargets; clock: Clock },
  watchUntil: number,
): Promise<void> {
  const { store, clock } = parts
  const running = new Set<Promise<unknown>>()
  const isOver = (name: string): boolean => {
    const domain = store.get(name)
    return domain === null || !domain.watching || isDecided(domain.verdict)
  }
  // The last round of each name falls on the end of its watch; whatever holds it up must not hold the person up for long.
  while (clock.now() < watchUntil + LEASE_MS && !names.every(isOver)) {
    for (const { id } of store.claimDue(clock.now(), clock.now() + LEASE_MS)) {
      const round = probeRound(id, parts).finally(() => running.delete(round))
      running.add(round)
    }
    // Whatever comes first: a round that may decide it all, or the next look at what is due.
    await Promise.race([...running, delay(LOOK_MS)])
  }
  await Promise.all(running)
}

function isDecided(verdict: VerdictName | undefined): boolean {
  return verdict === 'flux' || verdict === 'no_flux_seen' || verdict === 'unresolvable'
}

function parseName(input: string): string {
  const parsed = parseDomain(input)
  if (!parsed.ok) throw new ToldError(`${input}: ${parsed.reason} (${parsed.code})`)
  return parsed.name
}

function report(names: readonly string[], store: MemoryTargets, json: boolean): void {
  const domains = names.map((name) => store.get(name)).filter((domain) => domain !== null)
  for (const domain of domains) {
    if (json) process.stdout.write(`${JSON.stringify(presentVerdict(domain, makeLinks('')))}\n`)
    else if (domain.assessment) process.stdout.write(`${verdictLines(domain.assessment, false).join('\n')}\n`)
    else process.stdout.write(`${domain.domain}: pending, no round was over in time\n`)
  }
  if (domains.some(({ verdict }) => verdict === 'flux')) process.exitCode = EXIT.flux
  else
    process.exitCode = domains.every(({ verdict }) => verdict === 'no_flux_seen')
      ? EXIT.noFlux
      : EXIT.undecided
}

function tell(assessment: Assessment, nextDueAt: number, now: number): void {
  const { domain, rounds, verdict, score, notes } = assessment
  const next = Math.max(0, Math.round((nextDueAt - now) / 1000))
  const lacking = verdict === 'pending' && notes[0] !== undefined ? ` ${notes[0]}` : ''
  note(`${domain}: round ${rounds}, ${verdict}, score ${score.toFixed(4)}; next look in ${next} s.${lacking}`)
}

function note(sentence: string): void {
  process.stderr.write(`fluxwatch: ${sentence}\n`)
}
