// A real unbound that resolves iteratively from the lab's root servers, for use inside a network namespace.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface UnboundResolver {
  stop(): Promise<void>
}

/** Listens on `address`:53 and asks from `address`. Resolves once it serves. */
export async function startUnbound(options: {
  readonly address: string
  readonly rootServers: readonly { readonly name: string; readonly address: string }[]
  readonly directory: string
}): Promise<UnboundResolver> {
  const directory = join(options.directory, `unbound-${options.address}`)
  await mkdir(directory, { recursive: true })
  const hints = options.rootServers.flatMap(({ name, address }) => [
    `. 3600000 NS ${name}.`,
    `${name}. 3600000 A ${address}`,
  ])
  await writeFile(join(directory, 'root.hints'), `${hints.join('\n')}\n`)
  const settings = [
    'server:',
    '  username: ""',
    '  chroot: ""',
    `  directory: "${directory}"`,
    '  pidfile: ""',
    '  use-syslog: no',
    '  logfile: ""',
    '  verbosity: 1',
    `  interface: ${options.address}`,
    `  outgoing-interface: ${options.address}`,
    '  access-control: 0.0.0.0/0 allow',
    '  do-ip6: no',
    '  module-config: "iterator"',
    `  root-hints: "${join(directory, 'root.hints')}"`,
    '  num-threads: 1',
    // The lab runs in compressed time: what its authorities say is not to be stretched.
    '  cache-min-ttl: 0',
    '  cache-max-negative-ttl: 5',
    '  infra-host-ttl: 5',
    'remote-control:',
    '  control-enable: no',
  ]
  const file = join(directory, 'unbound.conf')
  await writeFile(file, `${settings.join('\n')}\n`)
  const server = spawn('unbound', ['-d', '-c', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const note = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4096)
      if (printed.includes('start of service')) resolve()
    }
    server.stdout.on('data', note)
    server.stderr.on('data', note)
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`unbound ended with code ${code}: ${printed}`)))
  })
  return {
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
    },
  }
}
