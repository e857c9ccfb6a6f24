// Facts about addresses from a CSV of `ip,asn,country`, for replays. Decides form only.
import type { AddressFacts, Enrichment } from '../model/address-facts.ts'
import { canonicalAddress } from '../net/address.ts'

const HEADER = 'ip,asn,country'
const UNKNOWN: AddressFacts = { asn: null, organisation: null, country: null }
/** No CSV at all: nothing is known of any address. */
export const NO_ENRICHMENT: Enrichment = { hasAsn: false, hasCountry: false, factsOf: () => UNKNOWN }

/**
 * Reads the CSV: a header `ip,asn,country`, then a row per address; an empty field means that it is not known. No quoting.
 *
 * Throws an Error that names the line when a row cannot be read: half a table would change verdicts silently.
 */
export function parseEnrichmentCsv(text: string): Enrichment {
  const facts = new Map<string, AddressFacts>()
  let hasAsn = false
  let hasCountry = false
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').replace(/^\uFEFF/, '')
    if (index === 0) {
      if (line.trim() !== HEADER) throw new Error(`line 1: expected the header \`${HEADER}\``)
      continue
    }
    if (line.trim() === '') continue
    const [address, row] = readRow(line, index + 1)
    facts.set(address, row)
    hasAsn ||= row.asn !== null
    hasCountry ||= row.country !== null
  }
  return { hasAsn, hasCountry, factsOf: (address) => facts.get(address) ?? UNKNOWN }
}

function readRow(line: string, number: number): [string, AddressFacts] {
  const [ip = '', asn = '', country = '', ...rest] = line.split(',').map((field) => field.trim())
  if (rest.length > 0) throw new Error(`line ${number}: more than three fields`)
  const address = canonicalAddress(ip)
  if (address === null) throw new Error(`line ${number}: \`${ip}\` is no address`)
  if (asn !== '' && !/^\d{1,10}$/.test(asn)) throw new Error(`line ${number}: \`${asn}\` is no AS number`)
  if (country !== '' && !/^[A-Za-z]{2}$/.test(country)) {
    throw new Error(`line ${number}: \`${country}\` is no country code`)
  }
  return [
    address,
    {
      asn: asn === '' ? null : Number(asn),
      organisation: null,
      country: country === '' ? null : country.toUpperCase(),
    },
  ]
}
