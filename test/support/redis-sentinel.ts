// A master, its replica and three Sentinels on loopback, for one test file. The Sentinels agree by two that the master is gone.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { eventually, freePorts, inMemoryOnly, startServer, type ServerProcess } from './redis-process.ts'

const SENTINELS = 3
const QUORUM = 2
/** After so long without a word the master counts as gone; ms. */
const DOWN_AFTER_MS = 500

export interface SentinelOptions {
  /** Settings of every process, TLS for example. */
  readonly settings?: Readonly<Record<string, string>>
  /** How the test itself connects to them. */
  readonly tls?: { readonly ca: string }
}

export class TestSentinels {
  readonly #ports: readonly number[]
  readonly #master: ServerProcess
  readonly #all: readonly ServerProcess[]

  private constructor(ports: readonly number[], master: ServerProcess, all: readonly ServerProcess[]) {
    this.#ports = ports
    this.#master = master
    this.#all = all
  }

  /** Resolves when the Sentinels know each other and the replica: only then can they fail over. */
  static async start({ settings = {}, tls }: SentinelOptions = {}): Promise<TestSentinels> {
    const [masterPort, replicaPort, ...ports] = (await freePorts(SENTINELS + 2)) as [
      number,
      number,
      ...number[],
    ]
    const portName = tls ? 'tls-port' : 'port'
    const listening = (port: number) => ({
      ...settings,
      bind: '127.0.0.1',
      ...(tls && { port: '0', 'tls-replication': 'yes' }),
      [portName]: String(port),
    })
    const all: ServerProcess[] = []
    const stop = async (): Promise<void> => {
      await Promise.all(all.map((server) => server.kill()))
      await Promise.all(all.map((server) => server.stop()))
    }
    try {
      const master = await startRedisServer(listening(masterPort))
      all.push(master)
      all.push(
        await startRedisServer({
          ...listening(replicaPort),
          replicaof: `127.0.0.1 ${masterPort}`,
          'repl-ping-replica-period': '1',
        }),
      )
      for (const port of ports) all.push(await startSentinel(listening(port), masterPort))
      const asked = ports.map((port) => new Redis({ host: '127.0.0.1', port, ...(tls && { tls }) }))
      await Promise.all(asked.map(knowsEverybody)).finally(() => asked.forEach((redis) => redis.disconnect()))
      return new TestSentinels(ports, master, all)
    } catch (error) {
      await stop()
      throw error
    }
  }

  /** What stands between the `//` and the `?` of a `REDIS_URL`. */
  get place(): string {
    return `${this.#ports.map((port) => `127.0.0.1:${port}`).join(',')}/main`
  }

  killMaster(): Promise<void> {
    return this.#master.kill()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((server) => server.kill()))
    await Promise.all(this.#all.map((server) => server.stop()))
  }
}

function startRedisServer(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  return startServer({
    program: 'redis-server',
    parameters: (folder) => [
      ...inMemoryOnly(folder),
      '--repl-diskless-sync-delay',
      '0',
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]),
    ],
    saysWhenReady: 'eady to accept connections',
  })
}

async function startSentinel(
  settings: Readonly<Record<string, string>>,
  masterPort: number,
): Promise<ServerProcess> {
  return startServer({
    program: 'redis-server',
    async parameters(folder) {
      // Sentinels rewrite their file.
      const path = join(folder, 'sentinel.conf')
      const lines = [
        ...Object.entries({ ...settings, dir: folder }).map(([name, value]) => `${name} ${value}`),
        `sentinel monitor main 127.0.0.1 ${masterPort} ${QUORUM}`,
        `sentinel down-after-milliseconds main ${DOWN_AFTER_MS}`,
        'sentinel failover-timeout main 4000',
      ]
      await writeFile(path, `${lines.join('\n')}\n`)
      return [path, '--sentinel']
    },
    saysWhenReady: '+monitor master main',
  })
}

async function knowsEverybody(sentinel: Redis): Promise<void> {
  await eventually(async () => {
    const [others, replicas] = (await Promise.all([
      sentinel.call('SENTINEL', 'SENTINELS', 'main'),
      sentinel.call('SENTINEL', 'REPLICAS', 'main'),
    ])) as [unknown[], unknown[]]
    return others.length === SENTINELS - 1 && replicas.length === 1
  }, 'the Sentinels know each other and the replica')
}
