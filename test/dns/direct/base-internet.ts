// The root and the top-level domains that every story stands on.
import { host, ns, type Script } from './scripted-internet.ts'

export const ROOT_HINTS: readonly string[] = ['198.41.0.4', '199.9.14.201']

const TLDS: Readonly<Record<string, readonly [string, string]>> = {
  com: ['192.5.6.30', '192.33.14.30'],
  net: ['192.12.94.30', '192.35.51.30'],
  org: ['199.19.56.1', '199.249.112.1'],
  // Reached over IPv6 only.
  six: ['2a02:6b8::1', '2a02:6b8::2'],
}

export const BASE_INTERNET: Script = {
  zones: [
    {
      apex: '',
      at: ROOT_HINTS,
      lines: [
        ...ns('', 518_400, 'a.root-servers.net', 'b.root-servers.net'),
        ...host('a.root-servers.net', 518_400, ROOT_HINTS[0]!),
        ...host('b.root-servers.net', 518_400, ROOT_HINTS[1]!),
      ],
      cuts: Object.entries(TLDS).map(([tld, [first, second]]) => ({
        at: tld,
        ns: ns(tld, 172_800, `a.nic.${tld}`, `b.nic.${tld}`),
        glue: [...host(`a.nic.${tld}`, 172_800, first), ...host(`b.nic.${tld}`, 172_800, second)],
      })),
    },
    ...Object.entries(TLDS).map(([tld, [first, second]]) => ({
      apex: tld,
      at: [first, second],
      lines: [
        ...ns(tld, 172_800, `a.nic.${tld}`, `b.nic.${tld}`),
        ...host(`a.nic.${tld}`, 172_800, first),
        ...host(`b.nic.${tld}`, 172_800, second),
      ],
    })),
  ],
}
