// The command `fluxwatch`: names the subcommands and their options, and loads only the one that runs.
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { isTold } from './told-error.ts'
import { version } from './version.ts'

const program = new Command('fluxwatch')
  .description(
    'Finds fast-flux networks: probes domains over time from several resolvers and says why it thinks so.',
  )
  .version(version)
  .showHelpAfterError('(see fluxwatch --help)')
  // Subcommands inherit it. The exit code is ours to choose: 1 means flux (see check).
  .exitOverride()

program
  .command('serve')
  .description('API and worker processes together; starts its own Redis unless REDIS_URL is set')
  .action(async () => (await import('./serve.ts')).serve({ api: true, worker: true }))
program
  .command('api')
  .description('the API alone (needs REDIS_URL)')
  .action(async () => (await import('./serve.ts')).serve({ api: true, worker: false }))
program
  .command('worker')
  .description('probing and delivering alone (needs REDIS_URL); start as many as you like')
  .action(async () => (await import('./serve.ts')).serve({ api: false, worker: true }))
program
  .command('health')
  .description('exit 0 when the service of this configuration answers /livez (for container health checks)')
  .action(async () => (await import('./health.ts')).health())
program
  .command('check')
  .argument('<domain...>')
  .description(
    'watch domains from this process, without Redis; exit 0 no flux seen, 1 flux, 2 error, 3 undecided',
  )
  .option('--for <duration>', 'how long to watch at most, e.g. 90s, 10m, 2h', duration, 600)
  .option('--json', 'one JSON verdict a line on standard output')
  .action(async (domains: string[], options: { for: number; json?: boolean }) =>
    (await import('./check.ts')).check(domains, { forSeconds: options.for, json: options.json ?? false }),
  )
program
  .command('assess')
  .description('replay recorded DNS responses (NDJSON on standard input) through the detector')
  .option('--enrichment <file>', 'CSV with the columns ip,asn,country')
  .action(async (options: { enrichment?: string }) =>
    (await import('./assess.ts')).assessRecorded(options.enrichment ?? null),
  )
program
  .command('lab')
  .description('run the simulated DNS Internet on loopback, to point a service at')
  .option('--seed <number>', 'the same seed makes the same world', integer, 1)
  .option('--port <number>', 'UDP and TCP port of the first resolver; the others follow', port, 5301)
  .action(async (options: { seed: number; port: number }) => (await import('./lab.ts')).lab(options))
program
  .command('demo')
  .description(
    'lab and service together: one domain of each class, and the table of verdicts, in two minutes',
  )
  .option('--seed <number>', 'the same seed makes the same world', integer, 1)
  .option('--seconds <number>', 'how long to run', integer, 100)
  .action(async (options: { seed: number; seconds: number }) => (await import('./demo.ts')).demo(options))

const geo = program.command('geo').description('address databases')
geo
  .command('update')
  .description('download ASN and country databases (DB-IP Lite; GeoLite2 with --account and --key)')
  .option('--account <id>', 'MaxMind account id')
  .option('--key <key>', 'MaxMind licence key')
  .option('--from <url>', "another base URL than the maker's, for instance of a mirror")
  .action(async (options: { account?: string; key?: string; from?: string }) =>
    (await import('./geo-update.ts')).geoUpdate(options),
  )

const history = program.command('history').description('what was observed')
history
  .command('copy')
  .description('move the history of SQLite into ClickHouse; can be stopped, and goes on where it stopped')
  .option('--from <file>', 'the SQLite file (default: history.sqlite of FLUXWATCH_DATA_DIR)')
  .option('--to <url>', 'http://user:password@host:8123/database (default: CLICKHOUSE_URL)')
  .action(async (options: { from?: string; to?: string }) =>
    (await import('./history-copy.ts')).historyCopy(options),
  )

const keys = program.command('keys').description('API keys')
keys
  .command('create')
  .description('make an API key and the line that goes into FLUXWATCH_API_KEYS')
  .action(async () => (await import('./keys-create.ts')).keysCreate())

function duration(text: string): number {
  const match = /^(\d+)(s|m|h|d)?$/.exec(text)
  if (!match) throw new InvalidArgumentError('Say it like 90s, 10m or 2h.')
  return Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[(match[2] ?? 's') as 's' | 'm' | 'h' | 'd']
}

function port(text: string): number {
  const value = integer(text)
  if (value < 1 || value > 65_530) throw new InvalidArgumentError('Must be a port from 1 to 65530.')
  return value
}

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Must be a whole number.')
  return Number(text)
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  const text = isTold(error) ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`fluxwatch: ${text}\n`)
  process.exitCode = 2
}
