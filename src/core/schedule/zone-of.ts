// Which zone a name is assessed with. Name servers are judged per registrable domain, never per host name.
import { registrableDomain } from '../names/registrable-domain.ts'

/** The registrable domain of a watched name; the name itself where it has none. */
export function zoneOf(name: string): string {
  return registrableDomain(name) ?? name
}
