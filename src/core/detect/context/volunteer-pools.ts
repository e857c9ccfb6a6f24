// Pools of volunteers' servers, a few of them drawn for each question. Over addresses alone they cannot be told from flux:
// twenty networks in twenty minutes, TTL 150.
// Misuse: the names belong to the pool, so nobody else's flux is ever called so. Whoever points a CNAME here shows the
// pool's servers, not his own, for a resolver asks the pool for them. Only to the direct vantage can his server tell other addresses
// under the pool's name; steady-alias.ts wants most vantages to be led that way.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const VOLUNTEER_POOLS: ContextList = {
  list: 'volunteer-pools',
  explains: 'volunteer-pool',
  nats: { name: 4, cname: 4 },
  entries: from(
    'ntppool.org: four random servers an answer, TTL 150; on the lists of Zeek anomalous-dns and FluxBuster',
    ['pool.ntp.org'],
  ),
}
