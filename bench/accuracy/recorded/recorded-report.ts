// Replays recorded responses through the detector and reports on them; twice, with and without what is known of addresses.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseLabels } from './labels.ts'
import type { Label } from './labels.ts'
import { recordedTables } from './recorded-tables.ts'
import type { JudgedSeries } from './recorded-tables.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { NO_ENRICHMENT, parseEnrichmentCsv } from '../../../src/core/replay/enrichment-csv.ts'
import { replayDomain } from '../../../src/core/replay/replay-domain.ts'
import { ResponseGrouping } from '../../../src/core/replay/replay.ts'
import type { ReplayInput } from '../../../src/core/replay/replay.ts'

/**
 * `folder` holds `responses.ndjson.gz`, `labels.csv` and one `enrichment-*.csv`. Throws when one of them is not there or cannot
 * be read.
 */
export function recordedReport(folder: string, policy: Policy): string {
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const labels = parseLabels(read('labels.csv').toString('utf8'))
  const databases = readdirSync(folder).filter((name) => /^enrichment-.*\.csv$/.test(name))
  if (databases.length !== 1) throw new Error(`${folder} does not hold exactly one enrichment-*.csv`)
  const grouping = new ResponseGrouping()
  const lines = gunzipSync(read('responses.ndjson.gz')).toString('utf8').split('\n')
  for (const line of lines) grouping.add(line)
  const input = grouping.finish()
  const known = parseEnrichmentCsv(read(databases[0]!).toString('utf8'))
  return [
    `With ASN and country of each address (\`${databases[0]}\`).`,
    recordedTables(judge(input, labels, known, policy)),
    '### The same without an ASN database',
    '/16 networks stand in for operators, and more is asked for.',
    recordedTables(judge(input, labels, NO_ENRICHMENT, policy)),
  ].join('\n\n')
}

function judge(
  { domains }: ReplayInput,
  labels: ReadonlyMap<string, Label>,
  enrichment: Enrichment,
  policy: Policy,
): JudgedSeries[] {
  return domains.map((responses) => {
    const {
      set,
      domain,
      responses: count,
      flaggedAfter,
      assessment,
    } = replayDomain(responses, enrichment, policy)
    const label = labels.get(`${set ?? ''} ${domain}`)
    if (label === undefined) throw new Error(`no label for ${set ?? ''} ${domain}`)
    const { verdict, fluxType, score, panel } = assessment
    return {
      set: set ?? '',
      domain,
      label,
      verdict,
      fluxType,
      score,
      responses: count,
      flaggedAfter,
      panel,
    }
  })
}
