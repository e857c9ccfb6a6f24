// TTL. Nearly worthless, and never alone: half of the benign names have 300 s or less.
import type { Family, Sign } from './sign.ts'

export const ttlSign = ({ prefix, type }: Family): Sign => {
  const ttlMaxId = `${prefix}_ttl_max`
  return {
    id: `${prefix}-ttl`,
    table: 'ttl',
    about: 'addresses',
    feature: ttlMaxId,
    unit: 'seconds',
    edges: [1, 31, 61, 181, 301, 601, 1801],
    stage: null,
    capNats: 0.3,
    source:
      'Holz et al., NDSS 2008, reject it as a feature; 52 % of 31,950 benign names of 2020 have 300 s or less',
    text: (features) => `${type} answers live at most ${features.count(ttlMaxId)} s.`,
  }
}
