import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ReceiveDrops, udp6ReceiveDrops, udpReceiveDrops } from '../../src/dns/receive-drops.ts'

function snmp(drops: number): string {
  return [
    'Tcp: RtoAlgorithm RtoMin',
    'Tcp: 1 200',
    'Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors',
    `Udp: 900 3 ${drops} 901 ${drops} 0`,
    'UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors',
    'UdpLite: 0 0 77 0 77 0',
  ].join('\n')
}

function snmp6(drops: number): string {
  return `Udp6InErrors                    \t${drops}\nUdp6RcvbufErrors                \t${drops}\nUdpLite6RcvbufErrors \t99\n`
}

describe('datagrams dropped at a full receive buffer', () => {
  test('both families since the start are counted, and what was before is not', () => {
    const files = new Map([
      ['/proc/net/snmp', snmp(1000)],
      ['/proc/net/snmp6', snmp6(50)],
    ])
    const drops = new ReceiveDrops((path) => files.get(path)!)
    expect(drops.sinceStart).toBe(0)
    files.set('/proc/net/snmp', snmp(1007))
    files.set('/proc/net/snmp6', snmp6(52))
    expect(drops.sinceStart).toBe(9)
  })

  test('without IPv6 the count is that of IPv4', () => {
    let text = snmp(1)
    const drops = new ReceiveDrops((path) => {
      if (path === '/proc/net/snmp') return text
      throw new Error('no such file')
    })
    text = snmp(4)
    expect(drops.sinceStart).toBe(3)
  })

  test.each([
    ['there is no such file', new Error('no such file')],
    ['the file has no such column', 'Udp: InDatagrams\nUdp: 5'],
    ['the file is empty', ''],
  ])('when %s it is unknown, not zero', (_, content) => {
    const drops = new ReceiveDrops(() => {
      if (content instanceof Error) throw content
      return content
    })
    expect(drops.sinceStart).toBeNull()
  })

  test('other protocols with the same column are not mixed in', () => {
    expect(udpReceiveDrops(snmp(5))).toBe(5)
    expect(udp6ReceiveDrops(snmp6(6))).toBe(6)
  })

  test.runIf(existsSync('/proc/net/snmp'))('the kernel of this machine is understood', () => {
    expect(new ReceiveDrops().sinceStart).toBeGreaterThanOrEqual(0)
  })
})
