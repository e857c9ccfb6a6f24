// A process of its own that asks one question over TCP and then just ends; started by stream-life.test.ts with a port.
import { Inquiry, type Exchanged } from '../../src/dns/exchange.ts'
import { RandomOctets } from '../../src/dns/random-octets.ts'
import { StreamExchange } from '../../src/dns/stream-exchange.ts'
import { TcpDialer } from '../../src/dns/tcp-dialer.ts'

class Printing extends Inquiry {
  settled(exchanged: Exchanged): void {
    if (exchanged.kind === 'message') process.stdout.write(exchanged.message.answer[0]?.data ?? '')
  }

  rejected(reason: unknown): void {
    throw reason
  }
}

const dialer = new TcpDialer({ address: '127.0.0.1', port: Number(process.argv[2]) })
const exchange = new StreamExchange({
  transport: 'tcp',
  dialer,
  timeoutsMs: [60_000],
  random: new RandomOctets(),
})
exchange.start({ name: 'n5.test', type: 'A' }, { edns: {}, recursionDesired: true }, new Printing())
