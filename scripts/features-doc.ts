// Writes docs/features.md from the catalogue, or checks that it is what the catalogue says:
//   node scripts/features-doc.ts --write | --check
import { readFileSync, writeFileSync } from 'node:fs'
import { FEATURE_CATALOGUE } from '../src/core/features/catalogue.ts'
import type { Direction, FeatureDefinition } from '../src/core/features/feature-definition.ts'

const PATH = new URL('../docs/features.md', import.meta.url)

const POINTS: Readonly<Record<Direction, string>> = {
  flux: 'flux',
  no_flux: 'no flux',
  either: 'depends',
  none: 'nowhere',
}

const INTRO = `# Features

<!-- Generated from src/core/features by scripts/features-doc.ts; do not edit. -->

What is measured of a domain before anything is judged. Each feature is a number (or \`null\`: undefined, never 0 instead) with the
number of observations that it rests on, and stands in every verdict under its id. \`a_…\` is about the IPv4 addresses of the name,
\`aaaa_…\` about the IPv6 ones, \`ns_…\` about its name servers and their addresses. Those of sensors rest on imported data alone
([import.md](import.md)), all others on our own vantages alone.

"A high value points to" says which way a feature tends by itself: _depends_ where it takes others, or the stage of the watch, to
tell; _nowhere_ where it is a count that others rest on, or is shown and never weighed. No feature decides alone, and the blind spot
says why.
`

function heading(id: string): string {
  if (id.startsWith('aaaa_')) return 'IPv6 addresses of the name'
  if (id.startsWith('a_')) return 'IPv4 addresses of the name'
  if (id.startsWith('ns_')) return 'Name servers'
  if (id.startsWith('sensor')) return 'What sensors saw'
  return 'Zone, delegation and resolution'
}

function describeFeature({ id, unit, meaning, direction, source, blindSpot }: FeatureDefinition): string {
  return `### \`${id}\`

${meaning}

- Unit: ${unit}
- A high value points to: ${POINTS[direction]}
- Source: ${source}
- Blind spot: ${blindSpot}
`
}

function page(): string {
  const chapters = Map.groupBy(FEATURE_CATALOGUE, ({ id }) => heading(id))
  const parts = [...chapters].map(
    ([title, features]) => `## ${title}\n\n${features.map(describeFeature).join('\n')}`,
  )
  return [INTRO, ...parts].join('\n')
}

const [mode] = process.argv.slice(2)
if (mode === '--write') {
  writeFileSync(PATH, page())
} else if (mode === '--check') {
  if (readFileSync(PATH, 'utf8') !== page()) {
    process.stderr.write(
      'docs/features.md is not what the catalogue says: run node scripts/features-doc.ts --write\n',
    )
    process.exitCode = 1
  }
} else {
  process.stderr.write('Expected --write or --check\n')
  process.exitCode = 2
}
