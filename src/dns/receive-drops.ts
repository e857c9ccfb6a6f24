// Datagrams that the kernel threw away because a receive buffer was full. Linux counts them for the network namespace, so
// other programs in it count too: a number that stays at zero clears us, one that grows is a reason to look.
import { readFileSync } from 'node:fs'

/** Where Linux keeps the counts of IPv4 and of IPv6. */
const SNMP_FILE = '/proc/net/snmp'
const SNMP6_FILE = '/proc/net/snmp6'

export class ReceiveDrops {
  readonly #readFile: (path: string) => string
  readonly #atStart: number | null

  /** `readFile` gives the text of a file or throws. */
  constructor(readFile: (path: string) => string = (path) => readFileSync(path, 'latin1')) {
    this.#readFile = readFile
    this.#atStart = this.#count()
  }

  /** Datagrams of the whole network namespace since this object was made; null where the system does not tell. */
  get sinceStart(): number | null {
    const now = this.#count()
    return now === null || this.#atStart === null ? null : now - this.#atStart
  }

  #count(): number | null {
    const v4 = readOrNull(this.#readFile, SNMP_FILE)
    const drops = v4 === null ? null : udpReceiveDrops(v4)
    if (drops === null) return null
    // A kernel without IPv6 has no second file.
    const v6 = readOrNull(this.#readFile, SNMP6_FILE)
    return drops + ((v6 === null ? null : udp6ReceiveDrops(v6)) ?? 0)
  }
}

/** RcvbufErrors of UDP in the text of /proc/net/snmp: a line of names, and one of numbers in the same order. */
export function udpReceiveDrops(snmp: string): number | null {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '))
  return countOf(values[names.indexOf('RcvbufErrors')])
}

/** Udp6RcvbufErrors in the text of /proc/net/snmp6: a name and a number in each line. */
export function udp6ReceiveDrops(snmp6: string): number | null {
  return countOf(/^Udp6RcvbufErrors\s+(\d+)$/m.exec(snmp6)?.[1])
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

function readOrNull(readFile: (path: string) => string, path: string): string | null {
  try {
    return readFile(path)
  } catch {
    return null
  }
}
