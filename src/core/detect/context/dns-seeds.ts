// DNS seeds of peer-to-peer networks: up to 32 addresses, drawn from the nodes that a crawler met. Many sit at home.
// Misuse: a seed's operator could serve anything under his name, and whoever runs a node may be drawn; neither can choose
// what others are shown. Seeds retire: one whose domain lapses must leave this list.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const DNS_SEEDS: ContextList = {
  list: 'dns-seeds',
  explains: 'dns-seed',
  nats: { name: 4, cname: 3 },
  entries: [
    ...from('Bitcoin Core, chainparams.cpp (bluematt.me also on the list of FluxBuster)', [
      'seed.bitcoin.sipa.be',
      'dnsseed.bluematt.me',
      'seed.bitcoin.jonasschnelli.ch',
      'seed.btc.petertodd.net',
      'seed.bitcoin.sprovoost.nl',
      'dnsseed.emzy.de',
      'seed.bitcoin.wiz.biz',
      'seed.mainnet.achownodes.xyz',
    ]),
    ...from('Bitcoin Core, chainparams.cpp, test networks', [
      'seed.testnet.bitcoin.sprovoost.nl',
      'seed.testnet4.bitcoin.sprovoost.nl',
      'seed.testnet4.wiz.biz',
      'seed.signet.achownodes.xyz',
      'seed.signet.bitcoin.sprovoost.nl',
    ]),
    ...from('Zebra, default peers of zebra-network', [
      'dnsseed.z.cash',
      'dnsseed.str4d.xyz',
      'mainnet.seeder.zfnd.org',
      'mainnet.is.yolo.money',
      'dnsseed.testnet.z.cash',
      'testnet.seeder.zfnd.org',
    ]),
  ],
}
