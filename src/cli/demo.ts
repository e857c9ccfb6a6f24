// `npm run demo`: lab and service in one process on a fast clock, one domain of each class, and the table of verdicts.
// Everything but the Internet and the time is real: HTTP, Redis, BullMQ, UDP, SQLite, a signed webhook.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { scaledClock } from '../clock.ts'
import { readConfig, type Config } from '../config.ts'
import { parseCidr } from '../core/net/cidr.ts'
import { startLab, type Lab } from '../lab/start-lab.ts'
import type { LabZone } from '../lab/zones/zone.ts'
import { startOwnRedis } from '../store/own-redis.ts'
import { startService } from '../wiring.ts'
import { startReceiver, type Receiver } from './demo-receiver.ts'
import { makeLogger } from './logger.ts'
import { table } from './text-table.ts'
import { version } from './version.ts'

/** A minute of the lab in a second of ours: TTLs of minutes and rotations of a quarter of an hour become visible. */
const SPEED = 60
const PROGRESS_MS = 2000
const REASON_WIDTH = 88

interface Verdict {
  readonly domain: string
  readonly verdict: string
  readonly flux_type: string | null
  readonly score: number | null
  readonly observed_for_s: number
  readonly evidence: readonly { readonly points_to: string; readonly text: string }[]
  readonly notes: readonly string[]
}

/** Runs for about `seconds`; exit code 1 when a class was judged otherwise than it should be. */
export async function demo(options: { seed: number; seconds: number }): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'fluxwatch-demo-'))
  const clock = scaledClock(SPEED)
  note(
    `a simulated Internet with seed ${options.seed}, ${SPEED} times as fast as the real one; nothing leaves this machine`,
  )
  const lab = await startLab({ seed: options.seed, clock, directory })
  const redis = await startOwnRedis(directory)
  const receiver = await startReceiver()
  const service = await startService({
    config: demoConfig(lab, directory),
    redis: { socketPath: redis.socketPath },
    clock,
    logger: makeLogger('error', process.stderr),
    version,
    roles: { api: true, worker: true },
    consumer: 'demo',
    speed: SPEED,
  })
  try {
    await watchAll(`${service.url}`, lab.world.zones, receiver, options.seconds)
  } finally {
    note('draining')
    await service.close()
    await receiver.close()
    await redis.stop()
    await lab.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** The defaults, pointed at the lab; nothing of the caller's own settings. */
function demoConfig(lab: Lab, directory: string): Config {
  return {
    ...readConfig({}),
    port: 0,
    dataDirectory: directory,
    vantages: lab.vantages,
    asnMmdb: lab.asnMmdb,
    countryMmdb: lab.countryMmdb,
    webhookAllow: [parseCidr('127.0.0.0/8')!],
  }
}

async function watchAll(
  url: string,
  zones: readonly LabZone[],
  receiver: Receiver,
  seconds: number,
): Promise<void> {
  const scan = await post(`${url}/v1/scans`, {
    domains: zones.map((zone) => zone.host),
    tags: ['demo'],
    webhook: { url: receiver.url, secret: receiver.secret },
  })
  note(`POST ${url}/v1/scans: ${scan['accepted']} domains accepted as ${scan['id']}`)
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    await delay(PROGRESS_MS)
    const state = await get(`${url}/v1/scans/${scan['id']}`)
    const counts = Object.entries(state['verdicts'] as Record<string, number>).filter(
      ([, count]) => count > 0,
    )
    const left = Math.max(0, Math.round((end - performance.now()) / 1000))
    note(
      `${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ')}; ` +
        `${receiver.received()} webhooks, all signatures ${receiver.forged() === 0 ? 'right' : 'NOT right'}; ${left} s to go`,
    )
  }
  const page = await get(`${url}/v1/scans/${scan['id']}/verdicts?limit=100`)
  const verdicts = new Map((page['items'] as Verdict[]).map((verdict) => [verdict.domain, verdict]))
  report(zones, verdicts)
}

function report(zones: readonly LabZone[], verdicts: ReadonlyMap<string, Verdict>): void {
  const rows = zones.map((zone) => {
    const verdict = verdicts.get(zone.host)
    const isRight = verdict !== undefined && isExpected(zone, verdict)
    if (!isRight) process.exitCode = 1
    return [
      zone.class,
      zone.host,
      verdict ? `${verdict.verdict}${verdict.flux_type ? ` (${verdict.flux_type})` : ''}` : 'none',
      verdict?.score?.toFixed(4) ?? '',
      isRight ? 'yes' : 'NO',
      shorten(verdict ? mainReason(verdict) : ''),
    ]
  })
  process.stdout.write(
    `\n${table(['class', 'domain', 'verdict', 'score', 'right', 'what weighed most'], rows)}\n`,
  )
}

/** Right is what the class should be judged after two hours, and `pending` for what cannot be decided in this time. */
function isExpected(zone: LabZone, verdict: Verdict): boolean {
  const isDecidable =
    zone.decidableAfterSeconds !== null && zone.decidableAfterSeconds <= verdict.observed_for_s
  if (!isDecidable && verdict.verdict === 'pending') return true
  const isVerdict = zone.expect.verdict.some((name) => name === verdict.verdict)
  return isVerdict && (zone.expect.fluxType === null || zone.expect.fluxType === verdict.flux_type)
}

/** The heaviest sentence that points the way of the verdict; without one, what is lacking. */
function mainReason(verdict: Verdict): string {
  const wanted = verdict.verdict === 'flux' || verdict.verdict === 'suspicious' ? 'flux' : 'no_flux'
  const evidence = verdict.evidence.find(({ points_to }) => points_to === wanted)
  return evidence?.text ?? verdict.notes[0] ?? ''
}

function shorten(text: string): string {
  return text.length <= REASON_WIDTH ? text : `${text.slice(0, REASON_WIDTH - 1)}…`
}

async function post(url: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return readAnswer(url, answer)
}

async function get(url: string): Promise<Record<string, unknown>> {
  return readAnswer(url, await request(url))
}

async function readAnswer(
  url: string,
  answer: Awaited<ReturnType<typeof request>>,
): Promise<Record<string, unknown>> {
  const text = await answer.body.text()
  if (answer.statusCode >= 400) throw new Error(`${url} answered ${answer.statusCode}: ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

function note(sentence: string): void {
  process.stderr.write(`demo: ${sentence}\n`)
}
