// TTL of the name servers' addresses. Never alone: fluxing glue lives two days as any other.
import type { Sign } from './sign.ts'

export const nsTtl: Sign = {
  id: 'ns-ttl',
  table: 'ns-ttl',
  about: 'name_servers',
  feature: 'ns_ttl_max',
  unit: 'seconds',
  edges: [61, 301, 901, 3601, 43201],
  stage: null,
  capNats: 0.5,
  source:
    'Konte et al., PAM 2009 (glue TTL 172,800 s while the address changed within six minutes); SAC 025: short TTLs of name-server addresses',
  text: (features) => `Addresses of the name servers live at most ${features.count('ns_ttl_max')} s.`,
}
