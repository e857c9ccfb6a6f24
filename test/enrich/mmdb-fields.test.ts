import { describe, expect, test } from 'vitest'
import { asnFields, countryField } from '../../src/enrich/mmdb-fields.ts'

describe('the AS of a record', () => {
  test.each([
    [
      'GeoLite2 ASN, DB-IP ASN Lite',
      { autonomous_system_number: 64_500, autonomous_system_organization: 'Example ISP' },
      { asn: 64_500, organisation: 'Example ISP' },
    ],
    [
      'DB-IP ISP',
      { country: {}, traits: { autonomous_system_number: 64_500, autonomous_system_organization: 'X' } },
      { asn: 64_500, organisation: 'X' },
    ],
    [
      'IPinfo',
      { asn: 'AS64500', as_name: 'Example', as_domain: 'x.example' },
      { asn: 64_500, organisation: 'Example' },
    ],
    ['older IPinfo', { asn: 'AS64500', name: 'Example' }, { asn: 64_500, organisation: 'Example' }],
    ['a number as text', { asn: '64500' }, { asn: 64_500, organisation: null }],
    ['a bare number', { asn: 4_294_967_295 }, { asn: 4_294_967_295, organisation: null }],
    ['an empty name', { asn: 1, as_name: '' }, { asn: 1, organisation: null }],
  ])('is read from the fields of %s', (_maker, record, expected) => {
    expect(asnFields(record)).toStrictEqual(expected)
  })

  test.each([
    [null],
    [undefined],
    ['AS1'],
    [{}],
    [{ traits: {} }],
    [{ asn: '' }],
    [{ asn: 'AS' }],
    [{ asn: 'AS-1' }],
    [{ asn: 'AS12345678901' }],
    [{ asn: 0, as_name: 'Not routed' }],
    [{ asn: 1.5 }],
    [{ asn: -1 }],
    [{ asn: 4_294_967_296 }],
    [{ autonomous_system_organization: 'A name without a number' }],
  ])('is unknown for %j', (record) => {
    expect(asnFields(record)).toStrictEqual({ asn: null, organisation: null })
  })
})

describe('the country of a record', () => {
  test.each([
    ['GeoLite2, DB-IP', { country: { iso_code: 'DE', names: { en: 'Germany' } } }, 'DE'],
    ['IPinfo Lite', { country: 'Germany', country_code: 'DE', continent_code: 'EU' }, 'DE'],
    ['older IPinfo', { country: 'DE', country_name: 'Germany' }, 'DE'],
    ['lower case', { country_code: 'de' }, 'DE'],
  ])('is read from the fields of %s', (_maker, record, expected) => {
    expect(countryField(record)).toBe(expected)
  })

  test.each([
    [null],
    ['DE'],
    [{}],
    [{ country: {} }],
    [{ country: { iso_code: 276 } }],
    [{ country: { iso_code: 'DEU' } }],
    [{ country: 'Germany' }],
    [{ country_code: 'ZZ' }],
    [{ country: { iso_code: 'xx' } }],
    [{ registered_country: { iso_code: 'US' } }],
  ])('is unknown for %j', (record) => {
    expect(countryField(record)).toBeNull()
  })
})
