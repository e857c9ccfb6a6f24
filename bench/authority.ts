// The server that every contender asks: nsd, else knotd, else our own answerer (a smoke of the bench only), on loopback
// and on a core of its own. Ends what it started. nsd comes first because it raises its receive buffer: knot 3.2 leaves
// it at the system's default, overflows with a thousand questions in flight, and its losses would look like the clients'.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ZONES, zoneName, zoneText } from './bench-zone.ts'
import { pinned } from './cores.ts'
import { ADDRESS, freePort, installed, startServer } from './local-server.ts'

export type AuthorityKind = 'knot' | 'nsd' | 'own'

/** A zone as a master file, beside those that every bench asks. */
export interface ServedZone {
  readonly name: string
  readonly text: string
}

/** What an authority serves beside the bench's own zones, and where. */
export interface Extent {
  /** Loopback addresses, all on one port; the first is the one that is told. */
  readonly addresses: readonly string[]
  readonly zones: readonly ServedZone[]
}

export interface Authority {
  readonly kind: AuthorityKind
  /** As it is named in the table, with its version. */
  readonly name: string
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/** The zones of the bench of DNS clients, on one address. */
const ALONE: Extent = { addresses: [ADDRESS], zones: [] }

/** Starts the best authority that is installed, or the one that is asked for. Rejects when it does not answer in time. */
export async function startAuthority(
  folder: string,
  core: number | null,
  only?: AuthorityKind,
  extent: Extent = ALONE,
): Promise<Authority> {
  const knot = installed('knotd', '--version')
  const nsd = installed('nsd', '-v')
  const port = await freePort()
  if ((only ?? 'nsd') === 'nsd' && nsd) {
    const args = ['-d', '-c', writeNsdFiles(folder, port, extent)]
    return started('nsd', `nsd ${nsd.version}`, port, pinned(core, nsd.path, args))
  }
  if ((only ?? 'knot') === 'knot' && knot) {
    const args = ['-c', writeKnotFiles(folder, port, extent)]
    return started('knot', `knot ${knot.version}`, port, pinned(core, knot.path, args))
  }
  if (only === 'nsd' || only === 'knot') throw new Error(`${only} is not installed`)
  const script = join(import.meta.dirname, 'own-authority.ts')
  return started(
    'own',
    'own answerer',
    port,
    pinned(core, process.execPath, [script, String(port), ...extent.addresses]),
  )
}

async function started(
  kind: AuthorityKind,
  name: string,
  port: number,
  [command, args]: [string, string[]],
): Promise<Authority> {
  const ready = { port, name: zoneName(ZONES - 1), type: 'NS' } as const
  const server = await startServer(command, args, ready)
  return { kind, name, address: ADDRESS, port, close: () => server.close() }
}

function servedZones({ zones }: Extent): ServedZone[] {
  const own = Array.from({ length: ZONES }, (_, zone) => ({ name: zoneName(zone), text: zoneText(zone) }))
  return [...own, ...zones]
}

function writeZones(folder: string, zones: readonly ServedZone[]): string {
  const place = join(folder, 'zones')
  mkdirSync(place)
  for (const { name, text } of zones) writeFileSync(join(place, `${name}.zone`), text)
  return place
}

function writeKnotFiles(folder: string, port: number, extent: Extent): string {
  const zones = servedZones(extent)
  const file = join(folder, 'knot.conf')
  const lines = [
    'server:',
    `  rundir: "${folder}"`,
    ...extent.addresses.map((address) => `  listen: ${address}@${port}`),
    '  udp-workers: 1',
    '  tcp-workers: 1',
    '  background-workers: 1',
    'log:',
    '  - target: stderr',
    '    any: warning',
    'database:',
    `  storage: "${folder}"`,
    'template:',
    '  - id: default',
    `    storage: "${writeZones(folder, zones)}"`,
    '    file: "%s.zone"',
    '    zonefile-sync: -1',
    '    journal-content: none',
    'zone:',
    ...zones.map(({ name }) => `  - domain: ${name}`),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

function writeNsdFiles(folder: string, port: number, extent: Extent): string {
  const zones = servedZones(extent)
  const file = join(folder, 'nsd.conf')
  const lines = [
    'server:',
    ...extent.addresses.map((address) => `  ip-address: ${address}@${port}`),
    ...['username', 'chroot', 'database', 'pidfile'].map((name) => `  ${name}: ""`),
    `  zonesdir: "${writeZones(folder, zones)}"`,
    ...['zonelistfile', 'xfrdfile', 'cookie-secret-file'].map((name) => `  ${name}: "${join(folder, name)}"`),
    '  server-count: 1',
    '  rrl-ratelimit: 0',
    '  tcp-count: 100',
    'remote-control:',
    '  control-enable: no',
    ...zones.map(({ name }) => ['zone:', `  name: ${name}`, `  zonefile: ${name}.zone`].join('\n')),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}
