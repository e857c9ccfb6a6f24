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
  'multi-cdn',
  'cloud-balancer',
  'volunteer-pool',
  'mirrors',
  'anycast-set',
  'dyn-dns',
  'dns-seed',
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
