// A Zeek dns.log as a sensor writes it, made by hand: the header, and lines with only what a test is about.
import type { SensorContext } from '../../../src/core/import/line-reading.ts'

export const NOW = Date.UTC(2026, 10, 28, 12)
export const CONTEXT: SensorContext = { sensor: 'corp-dns', now: NOW }

export const FIELDS =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id rtt query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected'.split(
    ' ',
  )
const TYPES =
  'time string addr port addr port enum count interval string count string count string count string bool bool bool bool count vector[string] vector[interval] bool'.split(
    ' ',
  )

export const HEADER = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tdns',
  '#open\t2026-11-28-11-00-00',
  `#fields\t${FIELDS.join('\t')}`,
  `#types\t${TYPES.join('\t')}`,
]

export type Cells = Readonly<Record<string, string>>

const USUAL: Cells = {
  ts: '1795860000.123456',
  uid: 'CHhAvVGS1DHFjwGM9',
  'id.orig_h': '10.20.30.40',
  'id.orig_p': '53211',
  'id.resp_h': '10.0.0.53',
  'id.resp_p': '53',
  proto: 'udp',
  trans_id: '4711',
  rtt: '0.021500',
  query: 'www.shop.example',
  qclass: '1',
  qclass_name: 'C_INTERNET',
  qtype: '1',
  qtype_name: 'A',
  rcode: '0',
  rcode_name: 'NOERROR',
  AA: 'F',
  TC: 'F',
  RD: 'T',
  RA: 'T',
  Z: '0',
  answers: '198.51.100.7',
  TTLs: '300.000000',
  rejected: 'F',
}

/** The usual line with other cells; `separator` as the log's header has it. */
export function tsvLine(cells: Cells = {}, separator = '\t'): string {
  return FIELDS.map((field) => cells[field] ?? USUAL[field]).join(separator)
}

/** The same as JSON, with numbers, booleans and lists as Zeek writes them; unset fields are left out. */
export function jsonLine(cells: Readonly<Record<string, unknown>> = {}): string {
  const numbers = ['ts', 'trans_id', 'rtt', 'qtype', 'rcode', 'id.resp_p', 'id.orig_p']
  const usual = Object.entries(USUAL).map(([field, cell]): [string, unknown] => {
    if (numbers.includes(field)) return [field, Number(cell)]
    if (field === 'answers') return [field, cell.split(',')]
    if (field === 'TTLs') return [field, cell.split(',').map(Number)]
    return [field, cell === 'T' || cell === 'F' ? cell === 'T' : cell]
  })
  return JSON.stringify({ ...Object.fromEntries(usual), ...cells })
}
