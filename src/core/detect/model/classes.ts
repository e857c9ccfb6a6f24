// The ways in which an address set and a set of name servers can behave, as the model tells them apart. Flux is several of
// them, and so is everything that looks like it: benign names are modelled, not lumped.

export const FLUX_ADDRESS_CLASSES = [
  'rotating-flux',
  'drawing-flux',
  'one-address-flux',
  'slow-flux',
  'regional-flux',
] as const

export const BENIGN_ADDRESS_CLASSES = [
  'static',
  'round-robin',
  'cdn',
  // Caches of a CDN inside of access providers' networks: what a home user's resolver is given.
  'on-net-cdn',
  // Caches at several carriers of one country.
  'carrier-cdn',
  'multi-cdn',
  'cloud-balancer',
  // Another draw for every question, as NTP pools give it; or one server at a time replaced.
  'volunteer-pool',
  'sliding-pool',
  'mirrors',
  // Some of a fixed set each time, as IRC networks do.
  'rotating-mirrors',
  'anycast-set',
  'dyn-dns',
  // A small service on a few home lines.
  'home-cluster',
  'dns-seed',
  // The same draw for everybody, until it is drawn anew.
  'standing-seed',
  'parking',
  'migration',
] as const

/** Name servers of flux that moved while they were watched, and such that have not yet. */
export const FLUX_NAME_SERVER_CLASSES = ['moving-name-servers', 'unmoved-name-servers'] as const

export const BENIGN_NAME_SERVER_CLASSES = [
  'hosted',
  'own-servers',
  'geo-dns',
  'volunteer-secondaries',
  'moved-once',
] as const

export type BenignAddressClass = (typeof BENIGN_ADDRESS_CLASSES)[number]
export type BenignNameServerClass = (typeof BENIGN_NAME_SERVER_CLASSES)[number]
export type AddressClass = (typeof FLUX_ADDRESS_CLASSES)[number] | BenignAddressClass
export type NameServerClass = (typeof FLUX_NAME_SERVER_CLASSES)[number] | BenignNameServerClass

/** What a context list means that speaks for one of these: kinds of one trade. */
const COVERED: Readonly<Partial<Record<BenignAddressClass, readonly BenignAddressClass[]>>> = {
  cdn: ['cdn', 'on-net-cdn', 'carrier-cdn'],
  'volunteer-pool': ['volunteer-pool', 'sliding-pool'],
  mirrors: ['mirrors', 'rotating-mirrors'],
  'dyn-dns': ['dyn-dns', 'home-cluster'],
  'dns-seed': ['dns-seed', 'standing-seed'],
}

/** The classes that a list covers which explains this one. */
export function coveredBy(explains: BenignAddressClass): readonly BenignAddressClass[] {
  return COVERED[explains] ?? [explains]
}
