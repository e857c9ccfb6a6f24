// Providers of names for hosts whose address changes: one address at a time, of one access provider.
// Misuse: anybody gets such a name for nothing, and malware likes them. A match therefore speaks only for what such a host
// does, one address of one provider now and then; it weighs too little to cover an address set that moves over networks.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const DYNAMIC_DNS: ContextList = {
  list: 'dynamic-dns',
  explains: 'dyn-dns',
  nats: { name: 1, cname: 0.5 },
  entries: from('the provider’s list of domains; public suffix list, private section', [
    'duckdns.org',
    'ddns.net',
    'hopto.org',
    'zapto.org',
    'sytes.net',
    'no-ip.org',
    'no-ip.biz',
    'no-ip.info',
    'myftp.org',
    'servehttp.com',
    'dyndns.org',
    'homeip.net',
    'dynalias.com',
    'dynu.net',
    'freeddns.org',
    'mooo.com',
    'myfritz.net',
    'synology.me',
    'myqnapcloud.com',
    'dynv6.net',
    'spdns.de',
    'selfhost.eu',
  ]),
}
