// What asks and what is known of addresses: UDP engine, vantages, PTR names. Shared by the service and by `check`.
// Decides who looks up names of addresses, and in which order it is all closed.
import { ConfigError, type Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import { openDatagramPorts } from '../dns/open-datagram-ports.ts'
import { openVantages } from '../dns/open-vantages.ts'
import type { OptOut } from '../dns/opt-out-list.ts'
import { Prober } from '../dns/prober.ts'
import { ReceiveDrops } from '../dns/receive-drops.ts'
import { spareAsker } from '../dns/spare-asker.ts'
import type { Vantage, VantageStatus } from '../dns/vantage.ts'
import { PtrEnrichment } from '../enrich/ptr-enrichment.ts'
import { PtrNames, type PtrStatus } from '../enrich/ptr-names.ts'
import { vantageConfigs } from './settings.ts'

export interface Probing {
  readonly prober: Prober
  /** The databases, and the names of addresses as far as they are known. */
  readonly enrichment: Enrichment
  /** For readiness and metrics. */
  figures(): ProbingFigures
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
}

/** Rejects with `ConfigError` when a vantage or the engine that the configuration names cannot be opened. */
export async function openProbing({ config, clock, optOut, databases }: ProbingParts): Promise<Probing> {
  const { ports, sentence } = await openDatagramPorts(config.udpEngine).catch((error: unknown) => {
    throw new ConfigError(`FLUXWATCH_UDP_ENGINE: ${(error as Error).message}`)
  })
  let vantages: Vantage[]
  try {
    vantages = openVantages(vantageConfigs(config), { ports, optOut })
  } catch (error) {
    await ports.close()
    throw new ConfigError(`FLUXWATCH_VANTAGES: ${(error as Error).message}`)
  }
  const drops = new ReceiveDrops()
  const names = config.ptr.enabled ? ptrNames(vantages, { config, clock, optOut }) : null
  return {
    prober: new Prober({ vantages, clock }),
    enrichment: names ? new PtrEnrichment(databases, names) : databases,
    figures: () => ({
      vantages: vantages.map((vantage) => vantage.status()),
      udp: {
        engine: ports.name,
        sentence,
        receiveBufferOctets: ports.receiveBufferOctets,
        receiveDrops: drops.sinceStart,
      },
      ptr: names?.status() ?? null,
    }),
    async close() {
      names?.close()
      await Promise.all(vantages.map((vantage) => vantage.close()))
      await ports.close()
    },
  }
}

/** Null without a resolver to ask. */
function ptrNames(
  vantages: readonly Vantage[],
  { config, clock, optOut }: Omit<ProbingParts, 'databases'>,
): PtrNames | null {
  const ask = spareAsker(vantages)
  const mayAsk = (address: string): boolean => !optOut.coversAddress(address)
  return ask && new PtrNames({ ask, clock, qps: config.ptr.qps, mayAsk })
}
