// What asks and what is known of addresses: UDP engine, vantages, PTR names. Shared by the service and by `check`.
// Decides who looks up names of addresses, and in which order it is all closed.
import { ConfigError, type Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import { openDatagramPorts } from '../dns/open-datagram-ports.ts'
import type { OptOut } from '../dns/opt-out-list.ts'
import { ReceiveDrops } from '../dns/receive-drops.ts'
import type { VantageStatus } from '../dns/vantage.ts'
import type { VantageConfig } from '../dns/vantage-config.ts'
import { PtrEnrichment, type AddressNames } from '../enrich/ptr-enrichment.ts'
import { PtrNames, type PtrStatus } from '../enrich/ptr-names.ts'
import type { RoundProber } from '../queue/round-ports.ts'
import { HeldVantages } from './held-vantages.ts'
import { vantageConfigs } from './settings.ts'

export interface Probing {
  /** Asks the vantages of the moment at which a round begins. */
  readonly prober: RoundProber
  /** The vantages of this moment, as configured. */
  readonly configs: readonly VantageConfig[]
  /** The databases, and the names of addresses as far as they are known. */
  readonly enrichment: Enrichment
  /** For readiness and metrics. */
  figures(): ProbingFigures
  /** Asks these from now on. Throws `ConfigError`, with everything as it was, when one cannot be opened. */
  replaceVantages(configs: readonly VantageConfig[]): void
  close(): Promise<void>
}

export interface ProbingFigures {
  readonly vantages: readonly VantageStatus[]
  readonly udp: {
    readonly engine: string
    /** Which engine runs and why. */
    readonly sentence: string
    readonly receiveBufferOctets: number | null
    readonly receiveDrops: number | null
  }
  /** Null where no names of addresses are looked up. */
  readonly ptr: PtrStatus | null
}

export interface ProbingParts {
  readonly config: Config
  readonly clock: Clock
  readonly optOut: OptOut
  readonly databases: Enrichment
  /** Processes that keep the rates of the configuration together. @defaultValue 1 */
  readonly processes?: number
}

/** Rejects with `ConfigError` when a vantage or the engine that the configuration names cannot be opened. */
export async function openProbing(parts: ProbingParts): Promise<Probing> {
  const { config, clock, optOut, databases, processes = 1 } = parts
  const { ports, sentence } = await openDatagramPorts(config.udpEngine).catch((error: unknown) => {
    throw new ConfigError(`FLUXWATCH_UDP_ENGINE: ${(error as Error).message}`)
  })
  const configs = vantageConfigs(config)
  let held: HeldVantages
  try {
    held = told(() => new HeldVantages(configs, { ports, optOut, clock, processes }))
  } catch (error) {
    await ports.close()
    throw error
  }
  const drops = new ReceiveDrops()
  const names = config.ptr.enabled ? ptrNames(held, parts) : null
  return {
    prober: held,
    get configs() {
      return held.configs
    },
    enrichment: names ? new PtrEnrichment(databases, whileAskable(names, held)) : databases,
    figures: () => ({
      vantages: held.statuses(),
      udp: {
        engine: ports.name,
        sentence,
        receiveBufferOctets: ports.receiveBufferOctets,
        receiveDrops: drops.sinceStart,
      },
      ptr: held.hasSpare && names ? names.status() : null,
    }),
    replaceVantages: (wanted) => told(() => held.replace(wanted)),
    async close() {
      names?.close()
      await held.close()
      await ports.close()
    },
  }
}

function told<Result>(open: () => Result): Result {
  try {
    return open()
  } catch (error) {
    throw new ConfigError(`FLUXWATCH_VANTAGES: ${(error as Error).message}`)
  }
}

function ptrNames(held: HeldVantages, { config, clock, optOut, processes = 1 }: ProbingParts): PtrNames {
  return new PtrNames({
    ask: (question) => held.askSpare(question),
    clock,
    qps: config.ptr.qps / processes,
    mayAsk: (address) => !optOut.coversAddress(address),
  })
}

/** Without a resolver to ask, no name is wanted: it would wait for ever. */
function whileAskable(names: PtrNames, held: HeldVantages): AddressNames {
  return { nameOf: (address) => (held.hasSpare ? names.nameOf(address) : undefined) }
}
