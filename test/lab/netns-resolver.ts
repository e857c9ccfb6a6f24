// Run inside of a fresh network namespace: makes every IPv4 address local, serves the whole world on port 53 of its own
// addresses, starts a real unbound that resolves iteratively from the lab's root, asks it for every name of the world
// and writes what came back as one JSON line.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import { openAuthorities } from '../../src/lab/authorities.ts'
import { RESOLVER_PREFIXES } from '../../src/lab/regions.ts'
import { createWorld } from '../../src/lab/world.ts'
import { askUdp, dataOf } from './ask-dns.ts'

execFileSync('ip', ['link', 'set', 'lo', 'up'])
execFileSync('ip', ['route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo'])

const world = createWorld({ seed: 1, startAt: systemClock.now() })
const authorities = await openAuthorities({
  world,
  clock: systemClock,
  onError: (error) => {
    throw error
  },
})

const directory = mkdtempSync(join(tmpdir(), 'fluxwatch-unbound-'))
writeFileSync(
  join(directory, 'root.hints'),
  authorities.rootServers
    .map(({ name, address }) => `. 3600 NS ${name}.\n${name}. 3600 A ${address}\n`)
    .join(''),
)
writeFileSync(
  join(directory, 'unbound.conf'),
  `server:
  interface: 127.0.0.1@5353
  outgoing-interface: ${RESOLVER_PREFIXES.asia}53
  root-hints: "${join(directory, 'root.hints')}"
  directory: "${directory}"
  pidfile: ""
  chroot: ""
  username: ""
  do-daemonize: no
  do-ip6: no
  use-syslog: no
  logfile: ""
  num-threads: 1
  module-config: "iterator"
remote-control:
  control-enable: no
`,
)
const unbound = spawn('unbound', ['-c', join(directory, 'unbound.conf'), '-v'], {
  stdio: ['ignore', 'ignore', 'pipe'],
})
const exited = once(unbound, 'exit')
// A test that runs out of time ends us, and unbound must not outlive us.
process.once('SIGTERM', () => {
  unbound.kill()
  process.exit(1)
})
try {
  await unboundIsReady()
  const answers: Record<string, { rcode: string; addresses: string[] }> = {}
  // `timeout` is left out: unbound tries dead servers for longer than a test should take.
  for (const zone of world.zones.filter(({ class: labClass }) => labClass !== 'timeout')) {
    for (const name of [zone.host, ...zone.nameServers.map((server) => server.name)]) {
      const reply = await askUdp({
        port: 5353,
        name,
        type: 'A',
        udpPayloadSize: 1232,
        recursionDesired: true,
      })
      answers[name] = {
        rcode: (reply as { rcode?: string }).rcode ?? '',
        addresses: dataOf(reply.answers, 'A'),
      }
    }
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`)
} finally {
  unbound.kill()
  await exited
  await authorities.close()
  rmSync(directory, { recursive: true, force: true })
}

/** It says so on standard error once it takes questions; the rest of what it says is read and dropped. */
function unboundIsReady(): Promise<void> {
  return new Promise((ready, failed) => {
    unbound.once('exit', (code) => failed(new Error(`unbound ended with ${code}`)))
    unbound.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('start of service')) ready()
    })
  })
}
