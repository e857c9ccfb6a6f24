// A real Redis Cluster on loopback for one test file: three masters with a replica each, in processes of their own. Can lose a
// node, take it back, and move slots. What it is asked in between is the test's business.
import { Redis } from 'ioredis'
import { eventually, freePorts, inMemoryOnly, startServer, type ServerProcess } from './redis-process.ts'

/** After so long without a word a node counts as failed; ms. */
const NODE_TIMEOUT_MS = 1_000
const CLUSTER_SETTINGS = {
  bind: '127.0.0.1',
  'cluster-enabled': 'yes',
  'cluster-config-file': 'nodes.conf',
  'cluster-node-timeout': String(NODE_TIMEOUT_MS),
  'cluster-replica-validity-factor': '0',
  // While one master is away, the others go on.
  'cluster-require-full-coverage': 'no',
  'repl-diskless-sync-delay': '0',
  'repl-ping-replica-period': '1',
}
const SLOTS = 16_384
const MASTERS = 3

export interface ClusterNode {
  readonly port: number
  readonly busPort: number
  /** A connection for the test's own questions; it waits while the node is down. */
  readonly redis: Redis
  process: ServerProcess
  /** The node's name in the cluster. */
  readonly id: string
}

export class TestCluster {
  readonly nodes: readonly ClusterNode[]
  readonly #parameters: readonly string[]

  private constructor(nodes: readonly ClusterNode[], parameters: readonly string[]) {
    this.nodes = nodes
    this.#parameters = parameters
  }

  /** Resolves when all slots are served and every master has its replica. `parameters` go to every redis-server. */
  static async start(parameters: readonly string[] = []): Promise<TestCluster> {
    const ports = await freePorts(MASTERS * 4)
    const started = await Promise.allSettled(
      Array.from({ length: MASTERS * 2 }, (_, index) =>
        startNode(ports[index * 2]!, ports[index * 2 + 1]!, parameters),
      ),
    )
    const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const cluster = new TestCluster(nodes, parameters)
    try {
      const failed = started.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
      await cluster.#form()
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  /** `REDIS_URL` of the cluster: all of its nodes, since any of them may be down. */
  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  }

  /** Those whose process runs. */
  living(): ClusterNode[] {
    return this.nodes.filter(({ process }) => isAlive(process))
  }

  /** The living masters, as the cluster sees them now. */
  async masters(): Promise<ClusterNode[]> {
    const owners = new Set((await this.#slotRanges()).map(({ owner }) => owner))
    return this.living().filter(({ id }) => owners.has(id))
  }

  /** Who serves the slot now. */
  async ownerOf(slot: number): Promise<ClusterNode> {
    const range = (await this.#slotRanges()).find(({ first, last }) => first <= slot && slot <= last)
    const owner = this.nodes.find(({ id }) => id === range?.owner)
    if (!owner) throw new Error(`nobody serves slot ${slot}`)
    return owner
  }

  /** Ends a node at once. Resolves when its process is gone; nobody else knows yet. */
  async kill(node: ClusterNode): Promise<void> {
    await node.process.kill()
  }

  /** Starts a killed node again, empty; resolves when it is the replica of whoever took over. */
  async restart(node: ClusterNode): Promise<void> {
    const earlier = node.process
    const again = await startProcess(node.port, node.busPort, this.#parameters, folderOf.get(node)!)
    node.process = {
      ...again,
      async stop() {
        await again.stop()
        await earlier.stop()
      },
    }
    await eventually(
      async () => (await node.redis.info('replication')).includes('master_link_status:up'),
      `node ${node.port} is a replica again`,
    )
  }

  /** Resolves when every slot is served by a living node, and all living nodes agree on that. */
  async isWhole(): Promise<void> {
    const living = this.living()
    await eventually(async () => {
      const views = await Promise.all(living.map(({ redis }) => rangesOf(redis)))
      const ids = new Set(living.map(({ id }) => id))
      const states = await Promise.all(living.map(({ redis }) => redis.cluster('INFO') as Promise<string>))
      return (
        states.every((state) => state.includes('cluster_state:ok')) &&
        views.every(
          (view) =>
            view.every(({ owner }) => ids.has(owner)) &&
            view.reduce((sum, { first, last }) => sum + last - first + 1, 0) === SLOTS,
        )
      )
    }, 'the cluster serves every slot')
  }

  /** Moves a slot with its keys, as `redis-cli --cluster reshard` does, so many keys at a time. */
  async moveSlot(slot: number, to: ClusterNode, keysAtOnce = 10): Promise<void> {
    const from = await this.ownerOf(slot)
    await to.redis.cluster('SETSLOT', slot, 'IMPORTING', from.id)
    await from.redis.cluster('SETSLOT', slot, 'MIGRATING', to.id)
    for (;;) {
      const keys = (await from.redis.cluster('GETKEYSINSLOT', slot, keysAtOnce)) as string[]
      if (keys.length === 0) break
      await from.redis.migrate('127.0.0.1', to.port, '', 0, 5_000, 'KEYS', ...keys)
    }
    // The new owner first: it must know before the old one sends anybody there.
    for (const node of [to, from, ...this.nodes.filter((other) => other !== to && other !== from)]) {
      if (isAlive(node.process) && (node === to || (await isMaster(node)))) {
        await node.redis.cluster('SETSLOT', slot, 'NODE', to.id)
      }
    }
  }

  async stop(): Promise<void> {
    for (const { redis } of this.nodes) redis.disconnect()
    // Not asked to end one after the other: the survivors would begin to fail over.
    await Promise.all(this.nodes.map(({ process }) => process.kill()))
    await Promise.all(this.nodes.map(({ process }) => process.stop()))
  }

  async #form(): Promise<void> {
    const masters = this.nodes.slice(0, MASTERS)
    const replicas = this.nodes.slice(MASTERS)
    const share = Math.ceil(SLOTS / MASTERS)
    await Promise.all(
      this.nodes.map(async ({ redis }, index) => {
        await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
        if (index >= MASTERS) return
        const last = Math.min(SLOTS, (index + 1) * share) - 1
        await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(index * share), String(last))
      }),
    )
    const [first] = masters
    for (const { port, busPort } of this.nodes.slice(1)) {
      await first!.redis.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort))
    }
    await Promise.all(
      this.nodes.map(({ redis }) =>
        eventually(async () => {
          const lines = ((await redis.cluster('NODES')) as string).trim().split('\n')
          return lines.length === this.nodes.length && !lines.some((line) => line.includes('handshake'))
        }, 'all nodes know each other'),
      ),
    )
    await Promise.all(replicas.map(({ redis }, index) => redis.cluster('REPLICATE', masters[index]!.id)))
    await Promise.all(
      masters.map(({ redis }) =>
        eventually(
          async () => /slave0:.*state=online/.test(await redis.info('replication')),
          'every master has its replica',
        ),
      ),
    )
    await this.isWhole()
  }

  async #slotRanges(): Promise<SlotRange[]> {
    const [alive] = this.living()
    if (!alive) throw new Error('no node is alive')
    return rangesOf(alive.redis)
  }
}

interface SlotRange {
  readonly first: number
  readonly last: number
  readonly owner: string
}

async function rangesOf(redis: Redis): Promise<SlotRange[]> {
  const answer = await redis.cluster('SLOTS')
  return answer.map(([first, last, master]) => ({ first, last, owner: master![2] }))
}

async function isMaster({ redis }: ClusterNode): Promise<boolean> {
  return (await redis.info('replication')).includes('role:master')
}

function isAlive({ pid }: ServerProcess): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Where a node keeps what it knows of the cluster, over its own end. */
const folderOf = new WeakMap<ClusterNode, string>()

async function startNode(port: number, busPort: number, parameters: readonly string[]): Promise<ClusterNode> {
  const process = await startProcess(port, busPort, parameters)
  const redis = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, retryStrategy: () => 50 })
  redis.on('error', () => {})
  const id = (await redis.cluster('MYID')) as string
  const node = { port, busPort, redis, process, id }
  folderOf.set(node, process.folder)
  return node
}

function startProcess(
  port: number,
  busPort: number,
  parameters: readonly string[],
  folder?: string,
): Promise<ServerProcess & { readonly folder: string }> {
  return startServer({
    program: 'redis-server',
    parameters: (own) => [
      ...inMemoryOnly(folder ?? own),
      ...Object.entries({ ...CLUSTER_SETTINGS, port: String(port), 'cluster-port': String(busPort) }).flatMap(
        ([name, value]) => [`--${name}`, value],
      ),
      ...parameters,
    ],
    saysWhenReady: 'eady to accept connections',
  })
}
