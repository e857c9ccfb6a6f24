// Names that content delivery networks answer from their own addresses.
// An entry is here only if the network alone decides which addresses the names under it have. Left out for that reason:
// trafficmanager.net, cedexis.net and akadns.net, where customers balance over whatever addresses they name, and
// cloudapp, compute and storage suffixes, where anybody rents a machine.
// Misuse: a customer account gives a CNAME target under the suffix, with the CDN's addresses behind it. That hides a stable
// host, but it is no flux: the addresses that flux are seen as they are, and a match takes only a little from them. Business
// customers of Cloudflare can point a name under cdn.cloudflare.net at their own addresses: the reason for the small number.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

const VENDOR = 'the vendor’s own documentation'
const HAND_WRITTEN = 'on the hand-written lists of deployed detectors (FluxBuster, FluxEnder)'

export const CDN: ContextList = {
  list: 'cdn-names',
  explains: 'cdn',
  nats: { name: 2, cname: 2 },
  entries: [
    ...from(HAND_WRITTEN, [
      'akamai.net',
      'akamaiedge.net',
      'akamaized.net',
      'akamaihd.net',
      'edgesuite.net',
      'edgekey.net',
      'footprint.net',
    ]),
    ...from(VENDOR, [
      'cloudfront.net',
      'cdn.cloudflare.net',
      'fastly.net',
      'fastlylb.net',
      'azureedge.net',
      'azurefd.net',
      't-msedge.net',
      'a-msedge.net',
      'b-cdn.net',
      'kxcdn.com',
      'cdn77.org',
      'gcdn.co',
      'incapdns.net',
      'edgecastcdn.net',
      'llnwd.net',
      'cdngc.net',
      'wscdns.com',
      'kunlunaq.com',
      'googlehosted.com',
      '1e100.net',
      'fbcdn.net',
      'nflxvideo.net',
      'aaplimg.com',
    ]),
  ],
}
