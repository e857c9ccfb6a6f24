// The detection headings of the joint advisory AA25-093A ("Fast Flux: A National Security Threat", 3 April 2025), with what was
// seen under each. Headings that DNS cannot speak to say so, and what to look for elsewhere.
import { countOf } from '../detect/signs/sign.ts'
import type { Assessment } from '../model/assessment.ts'
import type { AdvisoryPoint } from '../model/explanation.ts'
import { scoreText, toHundredths } from './prose.ts'
import { livelierFamily, typeOfFamily } from './readings.ts'
import type { Readings } from './readings.ts'

export function describeAdvisory(assessment: Assessment, readings: Readings): readonly AdvisoryPoint[] {
  return [
    { heading: '(1) Threat intelligence and reputation feeds', text: reputation(readings) },
    {
      heading: '(2) Anomalies in DNS answers: many addresses, rotating',
      text: rotation(assessment, readings),
    },
    { heading: '(3) TTL values', text: ttl(readings) },
    { heading: '(4) Inconsistent geolocation', text: geolocation(readings) },
    {
      heading: '(5) Flow data',
      text: 'Not visible by DNS: look in flow records for one host that talks to many of the addresses in a short time.',
    },
    { heading: '(6) Detection algorithms for fast flux', text: algorithms(assessment) },
    {
      heading: '(7) Signs of phishing',
      text: 'Not visible by DNS: compare with mail and web logs in which the name occurs.',
    },
    {
      heading: '(8) Transparency and sharing',
      text:
        assessment.verdict === 'flux'
          ? 'The sentences above carry their numbers and may be passed on as they are.'
          : 'Not confirmed flux: nothing to pass on as such.',
    },
  ]
}

function reputation(readings: Readings): string {
  const addresses = readings.value('a_flagged_neighbours')
  const servers = readings.value('ns_flagged_neighbours')
  if (addresses === null && servers === null) return 'Not compared with other names.'
  if (!addresses && !servers) return 'Shares no address with a name that fluxwatch has called flux.'
  return `Shares addresses with ${countOf(addresses ?? 0, 'registrable domain')} that fluxwatch has called flux, and name-server addresses with ${servers ?? 0}.`
}

function rotation({ observedForSeconds }: Assessment, readings: Readings): string {
  const family = livelierFamily(readings)
  const addresses = readings.count(`${family}_addresses`)
  if (addresses === 0) return 'No address was seen.'
  const type = typeOfFamily(family)
  const seen = `${countOf(addresses, `${type} address`, `${type} addresses`)} in ${observedForSeconds} s`
  const growth = readings.value(`${family}_growth`)
  const rate = growth === null ? '' : `, ${toHundredths(growth)} new at each independent look on average`
  const entropy = family === 'a' ? readings.value('a_slash16_entropy') : null
  const spread = entropy === null ? '' : `; entropy over /16 networks ${toHundredths(entropy)} of 1`
  return `${seen}${rate}${spread}.`
}

function ttl(readings: Readings): string {
  const max = readings.value('a_ttl_max') ?? readings.value('aaaa_ttl_max')
  return max === null
    ? 'No TTL was seen.'
    : `Fresh answers live at most ${max} s. Weighed little: so do most CDNs'.`
}

function geolocation(readings: Readings): string {
  const countries = readings.value('a_countries')
  if (countries === null) return 'The countries of the addresses are not known.'
  return `The A addresses are in ${countOf(countries, 'country', 'countries')}. Regional networks stay in one or two.`
}

function algorithms({ score, panel }: Assessment): string {
  const able = panel.filter(({ value }) => value !== null)
  const flagging = able.filter(({ flags }) => flags).map(({ detector }) => detector)
  const who = flagging.length === 0 ? '' : ` (${flagging.join(', ')})`
  return `Score ${scoreText(score)}; ${flagging.length} of ${countOf(able.length, 'published detector')} would flag it${who}.`
}
