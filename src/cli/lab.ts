// `fluxwatch lab`: the simulated Internet in the foreground, with the lines that point a service at it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { systemClock } from '../clock.ts'
import { startLab } from '../lab/start-lab.ts'
import { ToldError } from './told-error.ts'

const RESOLVERS = 3

export async function lab(options: { seed: number; port: number }): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'fluxwatch-lab-'))
  const ports = Array.from({ length: RESOLVERS }, (_, index) => options.port + index)
  const running = await startLab({ seed: options.seed, clock: systemClock, directory, ports }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      throw new ToldError(
        `One of the ports ${ports.join(', ')} on 127.0.0.1 is taken. Give another one with --port.`,
      )
    },
  )
  closeWithGrace({ logger: false }, async () => {
    await running.close()
    await rm(directory, { recursive: true, force: true })
  })
  const vantages = running.vantages.map(({ id, protocol, server, qps }) => ({ id, protocol, server, qps }))
  const lines = [
    'A simulated DNS Internet is running on loopback. Start a service that looks at it, in another terminal:',
    '',
    `  export FLUXWATCH_VANTAGES='${JSON.stringify(vantages)}'`,
    `  export FLUXWATCH_ASN_MMDB=${running.asnMmdb} FLUXWATCH_COUNTRY_MMDB=${running.countryMmdb}`,
    '  ./scripts/start',
    '',
    'Names to watch, and what each of them is:',
    '',
    ...running.world.zones.map((zone) => `  ${zone.host.padEnd(36)} ${zone.class}`),
    '',
    'Ctrl-C ends it.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
