// `fluxwatch assess`: recorded responses on standard input through the detector, one final line a domain on standard output.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { DEFAULT_POLICY } from '../core/policy.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import { NO_ENRICHMENT, parseEnrichmentCsv } from '../core/replay/enrichment-csv.ts'
import { replayResponses, ResponseGrouping } from '../core/replay/replay.ts'
import { ToldError } from './told-error.ts'

/** Bad lines shown one by one; the rest is counted. */
const SHOWN_BAD_LINES = 10

/** Exit code 2 when a line could not be read; the domains of the others are judged all the same. */
export async function assessRecorded(enrichmentFile: string | null): Promise<void> {
  const enrichment = enrichmentFile === null ? NO_ENRICHMENT : await readEnrichment(enrichmentFile)
  const grouping = new ResponseGrouping()
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) grouping.add(line)
  const input = grouping.finish()
  for (const { line, reason } of input.badLines.slice(0, SHOWN_BAD_LINES)) {
    process.stderr.write(`fluxwatch: line ${line}: ${reason}; left out\n`)
  }
  for (const final of replayResponses(input, enrichment, DEFAULT_POLICY)) await write(`${final}\n`)
  const bad = input.badLines.length
  process.stderr.write(
    `fluxwatch: ${input.domains.length} domains assessed${bad > 0 ? `, ${bad} lines left out` : ''}\n`,
  )
  if (bad > 0) process.exitCode = 2
}

async function readEnrichment(file: string): Promise<Enrichment> {
  try {
    return parseEnrichmentCsv(await readFile(file, 'utf8'))
  } catch (error) {
    throw new ToldError(`--enrichment ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Waits for a slow reader of the pipe. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
