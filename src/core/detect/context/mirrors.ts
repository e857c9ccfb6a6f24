// Mirrors and round robins in many unrelated networks that lend them: archives, filter databases, IRC.
// Only names that the project itself hands out: a suffix under which developers or members get names of their own
// (debian.net) would be theirs to flux with. Left out: names of projects that have ended (CoralCDN, freenode's old mirrors
// abroad), which the next registrant would inherit.
// Misuse: as for the volunteer pools; a mirror's admin can put one address in, never the set.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const MIRRORS: ContextList = {
  list: 'mirrors',
  explains: 'mirrors',
  nats: { name: 4, cname: 3 },
  entries: [
    ...from('FluXOR (Passerini et al., DIMVA 2008): 21 addresses in 12 networks, small TTL', ['clamav.net']),
    ...from('mirrors in several sponsors’ networks; on the hand-written lists of deployed detectors', [
      'debian.org',
      'rsync.gentoo.org',
      'distfiles.gentoo.org',
      'fedoraproject.org',
      'archive.ubuntu.com',
      'mirrors.kernel.org',
      'dcc-servers.net',
    ]),
    ...from('IRC round robin; a false positive of Zeek anomalous-dns and of Perdisci et al., ACSAC 2009', [
      'chat.freenode.net',
      'irc.libera.chat',
      'irc.efnet.org',
      'irc.rizon.net',
      'irc.oftc.net',
      'irc.undernet.org',
      'irc.dal.net',
      'irc.quakenet.org',
      'irc.hackint.org',
    ]),
  ],
}
