// A process of its own that asks one question over DoH and then just ends; started by doh.test.ts with a URL.
import { DohExchange } from '../../src/dns/doh-exchange.ts'
import { PacketTally } from '../../src/dns/exchange.ts'
import { RandomOctets } from '../../src/dns/random-octets.ts'
import { CA } from './stream-server.ts'

const url = process.argv[2] ?? ''
const exchange = new DohExchange({ url, ca: CA, timeoutsMs: [60_000], random: new RandomOctets() })
const options = { edns: {}, recursionDesired: true }
const exchanged = await exchange.exchange({ name: 'n5.test', type: 'A' }, options, new PacketTally())
if (exchanged.kind === 'message') process.stdout.write(exchanged.message.answer[0]?.data ?? '')
