// The clients that run in a Node process of their own, by the name that the bench starts them with. Each is loaded only
// when it runs, so that no process carries another client's code.
import type { OpenAsker } from './asker.ts'

export type NodeClient =
  | 'own-plain'
  | 'own-batched'
  | 'own-tcp'
  | 'own-prober-plain'
  | 'own-prober-batched'
  | 'own-prober-6-plain'
  | 'own-prober-6-batched'
  | 'c-ares'
  | 'dns-packet'

export const NODE_CLIENTS: Readonly<Record<NodeClient, () => Promise<OpenAsker>>> = {
  'own-plain': async () => (await import('./own-stub.ts')).ownStub('udp', 'plain'),
  'own-batched': async () => (await import('./own-stub.ts')).ownStub('udp', 'batched'),
  'own-tcp': async () => (await import('./own-stub.ts')).ownStub('tcp'),
  'own-prober-plain': async () => (await import('./own-prober.ts')).ownProber('plain'),
  'own-prober-batched': async () => (await import('./own-prober.ts')).ownProber('batched'),
  'own-prober-6-plain': async () => (await import('./own-prober.ts')).ownProberOfSix('plain'),
  'own-prober-6-batched': async () => (await import('./own-prober.ts')).ownProberOfSix('batched'),
  'c-ares': async () => (await import('./c-ares.ts')).openCAres,
  'dns-packet': async () => (await import('./dns-packet-stub.ts')).openDnsPacketStub,
}
