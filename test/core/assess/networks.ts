// Two kinds of places for the machines of scripted worlds, told apart by the names of the AS owners as the detector reads
// them: home lines, where bots sit, and hosting companies, where servers do. Every /16 is an AS of its own.
import { enrichmentBySlash16, scattered } from '../series/scripted-rounds.ts'

const FIRST_HOSTED = 130
/** First octets of one hosting company, whatever the /16. */
const ONE_COMPANY = [190, 191]

export const NETWORKS = enrichmentBySlash16((asn) => {
  const first = Math.floor(asn / 256)
  if (ONE_COMPANY.includes(first)) return 'Grand Hosting'
  return first < FIRST_HOSTED ? `Telecom ${asn}` : `Hosting ${asn}`
})

/** The n-th of many home lines, each at an access provider of its own (n under 20 000). */
export const home = scattered

/** The n-th of many servers, each at a hosting company of its own (n under 7 500). */
export function hosted(n: number): string {
  return `${FIRST_HOSTED + (n % 30)}.${Math.floor(n / 30) % 250}.${n % 200}.1`
}

/** The n-th server in one or the other /16 of the same hosting company (n under 200). */
export function atOneCompany(n: number, otherNetwork = false): string {
  return `${ONE_COMPANY[otherNetwork ? 1 : 0]}.1.${n}.1`
}
