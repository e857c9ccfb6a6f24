// What the makers of MMDB files call their fields. Maps a record of any of them to our words; looks nothing up.

export interface AsnFields {
  readonly asn: number | null
  readonly organisation: string | null
}

/**
 * The origin AS of a record; nulls when it names none. AS 0 means "not routed" (RFC 7607), so it is none.
 *
 * `autonomous_system_number` and `…_organization`: GeoLite2 ASN, DB-IP ASN Lite; inside `traits`: DB-IP ISP, GeoIP2.
 * `asn` as `AS123`, `"123"` or 123 with `as_name` or `name`: IPinfo.
 */
export function asnFields(record: unknown): AsnFields {
  const outer = asMap(record)
  const fields = 'autonomous_system_number' in asMap(outer['traits']) ? asMap(outer['traits']) : outer
  const asn = asnNumber(fields['autonomous_system_number'] ?? fields['asn'])
  const name = fields['autonomous_system_organization'] ?? fields['as_name'] ?? fields['name']
  return { asn, organisation: asn !== null && typeof name === 'string' && name !== '' ? name : null }
}

/**
 * The country where the address is, ISO 3166-1 alpha-2 in upper case; null when the record names none or says "unknown"
 * (`ZZ`, `XX`). Where the address is registered is another question, so `registered_country` is not read.
 *
 * `country.iso_code`: GeoLite2, DB-IP. `country_code`: IPinfo Lite (whose `country` is a name). `country`: older IPinfo.
 */
export function countryField(record: unknown): string | null {
  const fields = asMap(record)
  for (const value of [asMap(fields['country'])['iso_code'], fields['country_code'], fields['country']]) {
    if (typeof value !== 'string' || !/^[A-Za-z]{2}$/.test(value)) continue
    const code = value.toUpperCase()
    return code === 'ZZ' || code === 'XX' ? null : code
  }
  return null
}

function asnNumber(value: unknown): number | null {
  const number =
    typeof value === 'string' && /^(AS)?\d{1,10}$/i.test(value) ? Number(value.replace(/^AS/i, '')) : value
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= 0xffff_ffff
    ? number
    : null
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
