// The command itself, as a person starts it, and the processes that it starts in turn.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const running = new Set<ChildProcess>()

export class Command {
  readonly child: ChildProcess
  /** Standard error: what it tells a person. */
  said = ''
  /** Standard output: its log. */
  logged = ''

  /** `detached`: in a process group of its own, as a shell starts what a person types. */
  constructor(parameters: readonly string[], settings: Readonly<Record<string, string>>, detached = false) {
    this.child = spawn(process.execPath, [MAIN, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
      env: { PATH: process.env['PATH'], FLUXWATCH_PORT: '0', FLUXWATCH_MIN_INTERVAL: '1', ...settings },
    })
    running.add(this.child)
    this.child.once('exit', () => running.delete(this.child))
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.logged += text))
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.said += text))
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }

  /** The URL from "listening on …". */
  async listening(): Promise<string> {
    for (;;) {
      const match = /listening on (\S+) /.exec(this.said)
      if (match) return match[1]!
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.said}`)
      await once(this.child.stderr!, 'data')
    }
  }

  /** Process ids of its workers, by their names. */
  workers(): Map<string, number> {
    const lines = this.#children(['-f', 'serve-worker']).map((line) => line.split(' '))
    return new Map(lines.map((words) => [words.at(-1)!, Number(words[0])]))
  }

  /** Process id of its own Redis. */
  redis(): number {
    return Number(this.#children(['redis-server'])[0]!.split(' ')[0])
  }

  /** "pid and command line" of each. */
  #children(which: readonly string[]): string[] {
    const found = execFileSync('pgrep', ['-a', '-P', String(this.child.pid), ...which], { encoding: 'utf8' })
    return found.trim().split('\n')
  }
}

/** For the end of a test file: what a failed test has left behind. */
export function killCommands(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Whether the process is there and no mere entry that nobody has collected yet. */
export function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

interface Answered {
  readonly status: number
  readonly type: string
  readonly body: Record<string, unknown>
}

/** A process that has just begun on a busy machine may say that it is too busy, and to try again: so do its users. */
export async function call(method: string, url: string, type?: string, body?: string): Promise<Answered> {
  let answer = await callOnce(method, url, type, body)
  if (answer.body['code'] !== 'FLUX_OVERLOADED') return answer
  await until('it is not too busy', 30_000, async () => {
    answer = await callOnce(method, url, type, body)
    return answer.body['code'] !== 'FLUX_OVERLOADED'
  })
  return answer
}

async function callOnce(method: string, url: string, type?: string, body?: string): Promise<Answered> {
  const answer = await request(url, {
    method: method as 'GET',
    ...(body !== undefined && { headers: { 'content-type': type ?? 'application/json' }, body }),
  })
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    body: JSON.parse(await answer.body.text()) as Record<string, unknown>,
  }
}

/** Looks again and again (a poll of the product's own API, as its users do) until `isReached`. */
export async function until(
  what: string,
  limitMs: number,
  isReached: () => Promise<boolean> | boolean,
): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isReached())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`)
    await delay(100)
  }
}

/** Watches them at the shortest interval that may be asked for. */
export async function submit(url: string, domains: readonly string[]): Promise<string> {
  const body = JSON.stringify({ domains, interval: 10 })
  const scan = await call('POST', `${url}/v1/scans`, 'application/json', body)
  if (scan.body['accepted'] !== domains.length) throw new Error(JSON.stringify(scan.body))
  return String(scan.body['id'])
}

/** Rounds of each domain of a scan. */
export async function roundsOfScan(url: string, scan: string): Promise<Map<string, number>> {
  const page = await call('GET', `${url}/v1/scans/${scan}/verdicts?limit=500`)
  const items = page.body['items'] as { domain: string; rounds: number }[]
  return new Map(items.map(({ domain, rounds }) => [domain, rounds]))
}

export async function roundsOf(url: string, domain: string): Promise<number> {
  return Number((await call('GET', `${url}/v1/domains/${domain}/verdict`)).body['rounds'] ?? 0)
}

export interface Observed {
  readonly qname: string
  readonly round: number
  readonly vantage: string
}

/** The A questions about the host itself, oldest first. */
export async function observedOf(url: string, domain: string): Promise<Observed[]> {
  const page = await call('GET', `${url}/v1/domains/${domain}/observations?type=A&limit=1000`)
  return (page.body['items'] as Observed[]).filter((item) => item.qname === domain)
}

/** The checks of /readyz by name. */
export async function checksOf(url: string): Promise<Map<string, { ok: boolean; detail: string }>> {
  const { body } = await call('GET', `${url}/readyz`)
  const checks = body['checks'] as { name: string; ok: boolean; detail: string }[]
  return new Map(checks.map((check) => [check.name, check]))
}

/** The value of one line of /metrics; null where there is none. */
export async function metricOf(url: string, line: string): Promise<number | null> {
  const text = await (await request(`${url}/metrics`)).body.text()
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? null : Number(found.split(' ').at(-1))
}
