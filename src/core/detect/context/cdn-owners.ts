// Owners of autonomous systems whose addresses answer for many customers and are rented to none as a machine of his own.
// Compared only with the owners of nearly all addresses together: one reputable address among bots buys nothing.
// Left out on purpose: clouds and hosters (Amazon, Google, Microsoft, OVH …), also where they run a CDN in the same AS,
// because flux over rented machines sits exactly there. "akamai" alone would take in Akamai Connected Cloud, which rents.
// Misuse: an attacker would have to bring nearly all of his addresses into these networks, that is, to become a customer.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const CDN_OWNERS: ContextList = {
  list: 'cdn-owners',
  explains: 'cdn',
  nats: { owner: 2 },
  entries: from('AS owners’ names as the address databases spell them', [
    'akamai technologies',
    'akamai international',
    'akamai asn1',
    'akamai as',
    'cloudflare',
    'cloudflarenet',
    'fastly',
    'edgecast',
    'edgio',
    'incapsula',
    'imperva',
    'limelight networks',
    'cdnetworks',
    'bunnyway',
    'netflix',
    'facebook',
  ]),
}
