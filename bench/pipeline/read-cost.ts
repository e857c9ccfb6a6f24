// What reading a verdict costs the API, with connections kept alive, against the same app that answers a constant of the same
// size: settled and flagged names, in alternation.
import { Pool } from 'undici'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import { judged } from './judged.ts'
import type { ServiceChild } from './service-child.ts'
import type { Stage } from './stage.ts'
import { nameOf } from './watched-names.ts'

const LIMIT = 2
const CONNECTIONS = 16

export interface ReadOptions {
  /** Settled names, and as many flagged ones. */
  readonly names: number
  readonly requests: number
  readonly rounds: number
}

type Kind = 'settled' | 'flagged'

export async function measureReads(
  stage: Stage,
  { names, requests, rounds }: ReadOptions,
): Promise<Target[]> {
  const redis = await stage.redis()
  const rows: Target[] = []
  try {
    const now = Date.now()
    await stage.seed(redis, { count: names, kind: 'settled', dueAt: () => now })
    await stage.seed(redis, { count: names, kind: 'fluxing', from: names, dueAt: () => now })
    const api = await stage.service(redis, { role: 'api' })
    try {
      for (const [kind, from] of [
        ['settled', 0],
        ['flagged', names],
      ] as const)
        rows.push(...(await measureKind(stage, api, { kind, from, names, requests, rounds })))
    } finally {
      await api.close()
    }
    return rows
  } finally {
    await redis.close()
  }
}

async function measureKind(
  stage: Stage,
  api: ServiceChild,
  options: ReadOptions & { readonly kind: Kind; readonly from: number },
): Promise<Target[]> {
  const { kind, from, names, requests, rounds } = options
  const verdictAt = (index: number): string => `/v1/domains/${nameOf(from + (index % names))}/verdict`
  const octets = await sizeOf(api.url!, verdictAt(0), kind === 'settled' ? 'no_flux_seen' : 'flux')
  const constant = await stage.constant(octets)
  const costs: { verdict: number; constant: number }[] = []
  try {
    const warmUp = Math.ceil(requests / 5)
    await perRequest(api, verdictAt, warmUp)
    await perRequest(constant, () => '/metrics', warmUp)
    for (let number = 1; number <= rounds; number++) {
      const isVerdictFirst = number % 2 === 1
      const early = isVerdictFirst ? await perRequest(api, verdictAt, requests) : null
      const constantUs = await perRequest(constant, () => '/metrics', requests)
      costs.push({ verdict: early ?? (await perRequest(api, verdictAt, requests)), constant: constantUs })
      const { verdict } = costs.at(-1)!
      stage.options.progress(
        `round ${number}/${rounds}  ${kind} ${verdict.toFixed(1)} us, constant ${constantUs.toFixed(1)} us`,
      )
    }
  } finally {
    await constant.close()
  }
  const ratio = median(costs.map((cost) => cost.verdict / cost.constant))
  return [
    judged(
      `GET verdict of a ${kind} name / a constant of ${octets.toLocaleString('en')} B`,
      LIMIT,
      ratio,
      'CPU x',
    ),
    judged(`CPU per request of the API, ${kind} name`, null, median(costs.map((cost) => cost.verdict)), 'us'),
    judged('CPU per request, constant', null, median(costs.map((cost) => cost.constant)), 'us'),
  ]
}

async function sizeOf(url: string, path: string, verdict: string): Promise<number> {
  const response = await fetch(`${url}${path}`)
  const body = await response.text()
  const answer = JSON.parse(body) as { verdict?: string }
  if (answer.verdict !== verdict) throw new Error(`expected ${verdict}: ${body.slice(0, 500)}`)
  return Buffer.byteLength(body)
}

/** CPU time of the answering process, microseconds. */
async function perRequest(
  child: ServiceChild,
  pathOf: (index: number) => string,
  requests: number,
): Promise<number> {
  const pool = new Pool(child.url!, { connections: CONNECTIONS, pipelining: 1 })
  const before = await child.ask({ do: 'usage' })
  let asked = 0
  const lane = async (): Promise<void> => {
    while (asked < requests) {
      const { statusCode, body } = await pool.request({ path: pathOf(asked++), method: 'GET' })
      await body.dump({ limit: Infinity })
      if (statusCode !== 200) throw new Error(`answered ${statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  const after = await child.ask({ do: 'usage' })
  await pool.close()
  return (after.cpuUs - before.cpuUs) / requests
}
