// Names that a cloud's load balancer answers: two to eight addresses at TTL 60, replaced as it scales, all of one owner.
// Misuse: anybody can rent a balancer; what it shows is the balancer, in one network. Flux over rented machines does not pass
// through such a name, and if it did, would be seen under the owner's single network all the same.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const CLOUD_BALANCERS: ContextList = {
  list: 'cloud-balancers',
  explains: 'cloud-balancer',
  nats: { name: 2, cname: 2 },
  entries: [
    ...from(
      'AWS documentation: Elastic Load Balancing; 520 such names of 2020 with TTL 60 and up to 8 addresses',
      ['elb.amazonaws.com'],
    ),
    ...from('AWS documentation: Elastic Load Balancing in China', ['elb.amazonaws.com.cn']),
  ],
}
