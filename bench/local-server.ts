// Starts a DNS server that is installed here, on loopback, and ends it again. What it serves is its caller's business.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import packet from 'dns-packet'

export const ADDRESS = '127.0.0.1'

const READY_WITHIN_MS = 30_000
const ASK_AGAIN_MS = 50
const KILL_AFTER_MS = 5_000

/** What is asked over UDP until it is answered: then the server is there. */
export interface ReadyQuestion {
  readonly port: number
  readonly name: string
  readonly type: 'A' | 'NS'
}

export interface LocalServer {
  close(): Promise<void>
}

export interface Installed {
  readonly path: string
  readonly version: string
  /** All that it said when it was asked for its version. */
  readonly about: string
}

/** Looks on the PATH, and where daemons are put. Null when it is not installed. */
export function installed(name: string, versionFlag: string): Installed | null {
  for (const path of [name, `/usr/sbin/${name}`]) {
    const { status, stdout, stderr } = spawnSync(path, [versionFlag], { encoding: 'utf8' })
    if (status === null) continue
    const about = `${stdout}${stderr}`
    return { path, version: /\d+\.\d+(\.\d+)?/.exec(about)?.[0] ?? '', about }
  }
  return null
}

/** Rejects, with the end of its log, when the server does not answer in time. */
export async function startServer(
  command: string,
  args: readonly string[],
  ready: ReadyQuestion,
): Promise<LocalServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  const note = (chunk: Buffer): void => {
    log = (log + String(chunk)).slice(-4_000)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  if (!(await answers(ready, child))) {
    await end(child)
    throw new Error(`${command} does not answer on port ${ready.port}:\n${log}`)
  }
  return { close: () => end(child) }
}

/** A port that was free for UDP and TCP a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const udp = createSocket('udp4')
    udp.bind(0, ADDRESS)
    await once(udp, 'listening')
    const { port } = udp.address()
    const tcp = createServer()
    tcp.listen(port, ADDRESS)
    const free = await once(tcp, 'listening').then(
      () => true,
      () => false,
    )
    if (free) await new Promise((resolve) => tcp.close(resolve))
    await new Promise<void>((resolve) => udp.close(resolve))
    if (free) return port
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  await exited
  clearTimeout(timer)
}

async function answers({ port, name, type }: ReadyQuestion, child: ChildProcess): Promise<boolean> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  const query = packet.encode({
    type: 'query',
    id: 1,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type, name }],
  })
  const served = Promise.withResolvers<boolean>()
  socket.on('message', (bytes) => {
    if ((bytes[3]! & 0xf) === 0 && bytes.readUInt16BE(6) > 0) served.resolve(true)
  })
  child.on('exit', () => served.resolve(false))
  child.on('error', () => served.resolve(false))
  const again = setInterval(() => socket.send(query, port, ADDRESS, () => {}), ASK_AGAIN_MS)
  const late = setTimeout(() => served.resolve(false), READY_WITHIN_MS)
  const result = await served.promise
  clearInterval(again)
  clearTimeout(late)
  socket.close()
  return result
}
