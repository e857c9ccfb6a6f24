// The DNS servers of others that may be installed here: how each is configured to serve the test zone on loopback and
// to talk to nobody else, and what it speaks.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ADDRESS,
  freePort,
  installed,
  startServer,
  type Installed,
  type LocalServer,
} from '../../bench/local-server.ts'
import { ORIGIN, ZONE_TEXT } from './support-real-zone.ts'

export type Spoken = 'plain' | 'dot' | 'doh'

export interface RealServer {
  readonly name: string
  readonly role: 'authority' | 'resolver'
  readonly program: Installed | null
  /** `plain` is UDP and TCP. */
  readonly speaks: readonly Spoken[]
  /** Needs the address of an authority of the zone, since it serves none itself. */
  readonly needsAuthority?: true
  /** Where it answers some questions only when they are asked again: a time-out short enough to wait for. */
  readonly retries?: Readonly<Partial<Record<Spoken, { readonly timeoutMs: number }>>>
  command(program: Installed, place: Place): readonly string[]
}

/** Where one server lives: a folder of its own, a port for each transport. */
interface Place {
  readonly folder: string
  readonly zoneFile: string
  readonly ports: Readonly<Record<Spoken, number>>
  readonly authorityPort: number | null
}

export interface RunningServer extends LocalServer {
  readonly ports: Readonly<Record<Spoken, number>>
}

const CERTIFICATES = join(import.meta.dirname, 'certificates')
export const CA_FILE = join(CERTIFICATES, 'ca.pem')
const CERTIFICATE = join(CERTIFICATES, 'server.pem')
const KEY = join(CERTIFICATES, 'server.key.pem')

/** Rejects when it does not answer in time. `folder` must exist and be empty. */
export async function startRealServer(
  server: RealServer,
  folder: string,
  authorityPort: number | null,
): Promise<RunningServer> {
  if (server.program === null) throw new Error(`${server.name} is not installed`)
  const ports = { plain: await freePort(), dot: await freePort(), doh: await freePort() }
  const zoneFile = join(folder, `${ORIGIN}.zone`)
  writeFileSync(zoneFile, ZONE_TEXT)
  const [command = '', ...args] = server.command(server.program, { folder, zoneFile, ports, authorityPort })
  const running = await startServer(command, args, { port: ports.plain, name: ORIGIN, type: 'NS' })
  return { ports, close: () => running.close() }
}

function written(folder: string, file: string, lines: readonly string[]): string {
  const path = join(folder, file)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

const unbound = installed('unbound', '-V')

export const REAL_SERVERS: readonly RealServer[] = [
  {
    name: 'unbound',
    role: 'resolver',
    program: unbound,
    speaks: unbound?.about.includes('nghttp2') ? ['plain', 'dot', 'doh'] : ['plain', 'dot'],
    command: ({ path }, { folder, zoneFile, ports }) => [
      path,
      '-d',
      '-c',
      written(folder, 'unbound.conf', [
        'server:',
        ...Object.values(ports).map((port) => `  interface: ${ADDRESS}@${port}`),
        `  tls-port: ${ports.dot}`,
        `  https-port: ${ports.doh}`,
        `  tls-service-pem: "${CERTIFICATE}"`,
        `  tls-service-key: "${KEY}"`,
        `  directory: "${folder}"`,
        ...['chroot', 'username', 'pidfile', 'logfile'].map((name) => `  ${name}: ""`),
        ...['do-daemonize', 'use-syslog'].map((name) => `  ${name}: no`),
        '  module-config: "iterator"',
        'remote-control:',
        '  control-enable: no',
        'auth-zone:',
        `  name: "${ORIGIN}"`,
        `  zonefile: "${zoneFile}"`,
        '  for-downstream: no',
        '  fallback-enabled: no',
      ]),
    ],
  },
  {
    name: 'knot',
    role: 'authority',
    program: installed('knotd', '--version'),
    speaks: ['plain'],
    command: ({ path }, { folder, zoneFile, ports }) => [
      path,
      '-c',
      written(folder, 'knot.conf', [
        'server:',
        `  rundir: "${folder}"`,
        `  listen: ${ADDRESS}@${ports.plain}`,
        'log:',
        '  - target: stderr',
        '    any: warning',
        'database:',
        `  storage: "${folder}"`,
        'zone:',
        `  - domain: ${ORIGIN}`,
        `    file: "${zoneFile}"`,
        '    zonefile-sync: -1',
        '    journal-content: none',
      ]),
    ],
  },
  {
    name: 'nsd',
    role: 'authority',
    program: installed('nsd', '-v'),
    speaks: ['plain', 'dot'],
    // 4.6 leaves pipelined questions lying in its TLS buffer until more octets come: the next attempt's wake it up.
    retries: { dot: { timeoutMs: 500 } },
    command: ({ path }, { folder, zoneFile, ports }) => [
      path,
      '-d',
      '-c',
      written(folder, 'nsd.conf', [
        'server:',
        `  ip-address: ${ADDRESS}@${ports.plain}`,
        `  ip-address: ${ADDRESS}@${ports.dot}`,
        `  tls-port: ${ports.dot}`,
        `  tls-service-pem: "${CERTIFICATE}"`,
        `  tls-service-key: "${KEY}"`,
        ...['username', 'chroot', 'database', 'pidfile'].map((name) => `  ${name}: ""`),
        `  zonesdir: "${folder}"`,
        ...['zonelistfile', 'xfrdfile', 'cookie-secret-file'].map(
          (name) => `  ${name}: "${join(folder, name)}"`,
        ),
        'remote-control:',
        '  control-enable: no',
        'zone:',
        `  name: ${ORIGIN}`,
        `  zonefile: "${zoneFile}"`,
      ]),
    ],
  },
  {
    name: 'bind',
    role: 'authority',
    program: installed('named', '-V'),
    speaks: ['plain', 'dot', 'doh'],
    command: ({ path }, { folder, zoneFile, ports }) => [
      path,
      '-g',
      '-n',
      '1',
      '-c',
      written(folder, 'named.conf', [
        `tls local { cert-file "${CERTIFICATE}"; key-file "${KEY}"; };`,
        'http local { endpoints { "/dns-query"; }; };',
        'options {',
        `  directory "${folder}";`,
        `  session-keyfile "${join(folder, 'session.key')}";`,
        '  pid-file none;',
        `  listen-on port ${ports.plain} { ${ADDRESS}; };`,
        `  listen-on port ${ports.dot} tls local { ${ADDRESS}; };`,
        `  listen-on port ${ports.doh} tls local http local { ${ADDRESS}; };`,
        '  listen-on-v6 { none; };',
        '  recursion no;',
        '  notify no;',
        '  dnssec-validation no;',
        '};',
        'controls { };',
        `zone "${ORIGIN}" { type primary; file "${zoneFile}"; };`,
      ]),
    ],
  },
  {
    name: 'PowerDNS recursor',
    role: 'resolver',
    program: installed('pdns_recursor', '--version'),
    speaks: ['plain'],
    needsAuthority: true,
    command: ({ path }, { folder, ports, authorityPort }) => {
      written(folder, 'recursor.conf', [
        'daemon=no',
        'threads=1',
        `local-address=${ADDRESS}`,
        `local-port=${ports.plain}`,
        `socket-dir=${folder}`,
        `forward-zones=${ORIGIN}=${ADDRESS}:${authorityPort ?? 0}`,
        'dont-query=',
        'hint-file=no',
        'security-poll-suffix=',
        'dnssec=off',
        'write-pid=no',
        'setuid=',
        'setgid=',
      ])
      return [path, `--config-dir=${folder}`]
    },
  },
  {
    name: 'Knot Resolver',
    role: 'resolver',
    program: installed('kresd', '--version'),
    speaks: ['plain', 'dot', 'doh'],
    needsAuthority: true,
    command: ({ path }, { folder, ports, authorityPort }) => [
      path,
      '-n',
      '-c',
      written(folder, 'kresd.conf', [
        `net.listen('${ADDRESS}', ${ports.plain}, { kind = 'dns' })`,
        `net.listen('${ADDRESS}', ${ports.dot}, { kind = 'tls' })`,
        `net.listen('${ADDRESS}', ${ports.doh}, { kind = 'doh2' })`,
        `net.tls('${CERTIFICATE}', '${KEY}')`,
        "for _, name in ipairs({'priming', 'ta_update', 'ta_signal_query', 'detect_time_skew'}) do",
        '  modules.unload(name)',
        'end',
        "trust_anchors.remove('.')",
        'cache.size = 10 * MB',
        "modules = { 'policy' }",
        `local zone = policy.todnames({'${ORIGIN}.'})`,
        `policy.add(policy.suffix(policy.STUB({'${ADDRESS}@${authorityPort ?? 0}'}), zone))`,
        'policy.add(policy.all(policy.REFUSE))',
      ]),
      folder,
    ],
  },
]
