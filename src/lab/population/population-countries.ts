// Where the population's networks are: about sixty countries with the region that a network there answers from. A table only; how
// many networks a country gets is population-plan.ts's business.
import type { LabRegion } from '../regions.ts'

export interface PopulationCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  readonly region: LabRegion
}

// Roughly by the number of infected consumer machines, most first: the countries that detection literature names (UA, RU and RO
// of DarkCloud; BR, MX, BG, EG, KR, CO of the agents of 2026; US and DE of Storm), then the rest by population on line.
const TABLE = `
US us,BR us,UA eu,RU eu,IN asia,DE eu,RO eu,KR asia,VN asia,PL eu,TR eu,MX us,IT eu,TH asia,ID asia,BG eu,AR us,EG eu,CO us,GB eu
FR eu,ES eu,JP asia,PH asia,TW asia,HU eu,CA us,CL us,CZ eu,GR eu,KZ asia,PE us,MY asia,ZA eu,MA eu,RS eu,SE eu,NL eu,PT eu,PK asia
BD asia,EC us,VE us,SA eu,IL eu,AT eu,BE eu,CH eu,SK eu,HR eu,MD eu,GE eu,BY eu,LT eu,LV eu,TN eu,NG eu,KE eu,DO us,AU asia
FI eu,DK eu`

export const POPULATION_COUNTRIES: readonly PopulationCountry[] = TABLE.trim()
  .split(/[,\n]/)
  .map((row) => row.split(' ') as [string, LabRegion])
  .map(([code, region]) => ({ code, region }))
