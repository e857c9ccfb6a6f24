// npm run soak: hours of watching in compressed time. Real Redis, planner, queue, worker and store; a scripted world, and a clock that
// passes as fast as the work gets done. Tells how late targets were claimed, how memory went, and what half of the capacity does.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { PARTITIONS } from '../src/store/keys.ts'
import { startBenchRedis } from './pipeline/bench-redis.ts'
import { Lateness, type Claim } from './pipeline/lateness.ts'
import { ScriptedWorld } from './pipeline/scripted-world.ts'
import {
  flatness,
  freeTable,
  limitedTable,
  type FreeHour,
  type LimitedStretch,
} from './pipeline/soak-report.ts'
import { capacityOf, runFreely, runLimited, type SoakParts } from './pipeline/soak-run.ts'
import { openSoakService } from './pipeline/soak-service.ts'
import { VirtualClock } from './pipeline/virtual-clock.ts'
import { nameOf } from './pipeline/watched-names.ts'

const USAGE = `usage: npm run soak -- [--names 1000] [--hours 24] [--speed auto] [--churn-every 50] [--halved-hours 2] [--step-ms 250]
  --speed         virtual seconds in a real one at most; auto: as fast as it goes
  --churn-every   one name of so many has agents that come and go; 0: none
  --halved-hours  how long it then runs with half of the capacity that it needs; 0: not at all
  --step-ms       what falls due within so much virtual time is claimed together; 250 is the planner's own tick, more is faster
                  where few names are watched, and makes targets that late`

const HOUR_MS = 3_600_000
const ADD_STEP = 5_000
/** Stretches of the halved time that are told apart. */
const STRETCHES = 8

const { values } = parseArgs({
  options: {
    names: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    speed: { type: 'string', default: 'auto' },
    'churn-every': { type: 'string', default: '50' },
    'halved-hours': { type: 'string', default: '2' },
    'step-ms': { type: 'string', default: '250' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}
const names = wholeNumber('names', values.names, 1)
const hours = wholeNumber('hours', values.hours, 1)
const halvedHours = wholeNumber('halved-hours', values['halved-hours'], 0)
const stepMs = wholeNumber('step-ms', values['step-ms'], 1)
const speed = values.speed === 'auto' ? null : wholeNumber('speed', values.speed, 1)

// What was started ends with the bench.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const clock = new VirtualClock(Date.now())
const world = new ScriptedWorld(clock, wholeNumber('churn-every', values['churn-every'], 0))
const redis = await startBenchRedis(null)
let lateness = new Lateness()
let claimed: readonly Claim[] = []
const troubles: string[] = []
const service = await openSoakService({
  redis,
  clock,
  world,
  onClaims(claims, now) {
    claimed = [...claimed, ...claims]
    for (const claim of claims) lateness.note(claim, world.askedAt.get(claim.id) ?? null, now)
  },
  onError: (error, part) => void troubles.push(`${part}: ${String(error)}`),
})
const parts: SoakParts = { redis, clock, service, speed, stepMs }
try {
  const scan = await submitAll()
  const free = await freeHours()
  const limited = halvedHours > 0 ? await limitedHours(free) : []
  const { verdicts } = (await service.scans.get(scan)) ?? { verdicts: {} }
  report(free, limited, verdicts)
} finally {
  await service.close()
  await redis.close()
}
if (troubles.length > 0) process.exitCode = 1

async function submitAll(): Promise<string> {
  const watchForSeconds = (hours + halvedHours + 24) * 3600
  const scan = await service.scans.open({ tags: [], watchForSeconds, intervalSeconds: null })
  for (let start = 0; start < names; start += ADD_STEP)
    await service.scans.add(
      scan,
      Array.from({ length: Math.min(ADD_STEP, names - start) }, (_, index) => nameOf(start + index)),
    )
  await service.scans.seal(scan)
  return scan
}

async function freeHours(): Promise<FreeHour[]> {
  const done: FreeHour[] = []
  const start = clock.now()
  for (let hour = 1; hour <= hours; hour++) {
    lateness = new Lateness()
    claimed = []
    const before = rounds()
    const startedAtMs = performance.now()
    await runFreely(parts, start + hour * HOUR_MS)
    while ((await service.backlog()) > 0) await delay(5)
    const realSeconds = (performance.now() - startedAtMs) / 1000
    const redisOctets = await redis.usedOctets()
    const residentOctets = process.memoryUsage.rss()
    done.push({ hour, rounds: rounds() - before, realSeconds, lateness, residentOctets, redisOctets })
    progress(
      `hour ${hour}/${hours}: ${rounds() - before} rounds in ${realSeconds.toFixed(1)} s, worst lateness ${lateness.inWaits.max.toFixed(4)} waits`,
    )
  }
  return done
}

/** Half of the rounds that the last quarter of the hours needed. */
async function limitedHours(free: readonly FreeHour[]): Promise<LimitedStretch[]> {
  const last = free.slice(-Math.max(1, Math.floor(free.length / 4)))
  const needed = last.reduce((sum, hour) => sum + hour.rounds, 0) / (last.length * 3600)
  const capacity = capacityOf(needed / 2, PARTITIONS.length)
  progress(`needed: ${needed.toFixed(2)} rounds a second; now ${capacity.rounds} in ${capacity.everyMs} ms`)
  const start = clock.now()
  const stretchMs = (halvedHours * HOUR_MS) / STRETCHES
  const done: LimitedStretch[] = []
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    lateness = new Lateness()
    const before = rounds()
    const fromSeconds = (clock.now() - start) / 1000
    let outOfOrder = 0
    await runLimited(parts, start + (stretch + 1) * stretchMs, capacity, async () => {
      if (await leftOlder()) outOfOrder += 1
      claimed = []
    })
    const toSeconds = (clock.now() - start) / 1000
    done.push({ fromSeconds, toSeconds, rounds: rounds() - before, lateness, outOfOrder })
    progress(
      `half capacity, ${toSeconds.toFixed(0)} s: median lateness ${lateness.inSeconds.percentile(0.5).toFixed(0)} s`,
    )
  }
  return done
}

/** Whether some partition was left with a target that had been due before one that was claimed. */
async function leftOlder(): Promise<boolean> {
  for (const [partition, claims] of Map.groupBy(claimed, (claim) => claim.partition)) {
    const left = await redis.firstDueOf(partition)
    if (left !== null && claims.some(({ dueAt }) => dueAt > left)) return true
  }
  return false
}

function report(
  free: readonly FreeHour[],
  limited: readonly LimitedStretch[],
  verdicts: Readonly<Record<string, number>>,
): void {
  const worst = free
    .flatMap(({ hour, lateness: { worst: one } }) => (one === null ? [] : [{ hour, ...one }]))
    .toSorted((a, b) => b.waits - a.waits)[0]
  const lines = [
    `\`npm run soak\`, ${names.toLocaleString('en')} names for ${hours} virtual hours, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`,
    `Rounds by result: ${[...service.results].map(([result, count]) => `${count.toLocaleString('en')} ${result}`).join(', ')}.`,
    `Verdicts at the end: ${Object.entries(verdicts)
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(', ')}.`,
    worst
      ? `Latest of all, in units of its own wait: ${worst.id}, ${worst.waits.toFixed(4)}, in hour ${worst.hour}.`
      : 'No target had a second round.',
    flatness(free),
    troubles.length === 0 ? 'Nothing failed.' : `${troubles.length} failures, the first: ${troubles[0]}`,
    '',
    freeTable(free),
  ]
  if (limited.length > 0)
    lines.push('', 'With half of the capacity that was needed:', '', limitedTable(limited))
  process.stdout.write(`${lines.join('\n')}\n`)
}

function rounds(): number {
  return [...service.results.values()].reduce((sum, count) => sum + count, 0)
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  process.stderr.write(`--${name}: expected a whole number from ${least} on, got ${text}\n${USAGE}\n`)
  process.exit(2)
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}
