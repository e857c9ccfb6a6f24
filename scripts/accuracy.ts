// Tabulates what `fluxwatch assess` said of labelled recordings: final lines on stdin, labels.csv as the argument,
// Markdown on stdout. docs/accuracy.md holds its output; nothing is decided here.
//   node scripts/accuracy.ts labels.csv < assessed.ndjson
import { readFileSync } from 'node:fs'

interface Label {
  readonly label: string
  readonly className: string
  readonly campaign: string
}

interface FinalLine {
  readonly set: string
  readonly domain: string
  readonly verdict: string
  readonly flux_type: string | null
  readonly responses: number
  readonly flagged_after: number | null
  readonly panel: readonly { readonly detector: string; readonly flags: boolean }[]
}

interface Judged extends FinalLine {
  readonly label: Label
}

const COLUMNS = [
  'pending',
  'no_flux_seen',
  'suspicious',
  'flux single',
  'flux ns',
  'flux double',
  'unresolvable',
] as const

const [labelsPath] = process.argv.slice(2)
if (labelsPath === undefined) {
  process.stderr.write('usage: node scripts/accuracy.ts labels.csv < assessed.ndjson\n')
  process.exit(2)
}
process.stdout.write(report(judge(readLines(0), readLabels(labelsPath))))

function readLines(source: number | string): readonly string[] {
  return readFileSync(source)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function readLabels(path: string): ReadonlyMap<string, Label> {
  const [header, ...rows] = readLines(path)
  if (header !== 'set,domain,label,kind,class,campaign')
    throw new Error(`${path}: unexpected header ${header}`)
  return new Map(
    rows.map((row) => {
      const [set = '', domain = '', label = '', , className = '', campaign = ''] = row.split(',')
      return [`${set} ${domain}`, { label, className, campaign }]
    }),
  )
}

function judge(lines: readonly string[], labels: ReadonlyMap<string, Label>): readonly Judged[] {
  return lines.map((line) => {
    const result = JSON.parse(line) as FinalLine
    const label = labels.get(`${result.set} ${result.domain}`)
    if (label === undefined) throw new Error(`no label for ${result.set} ${result.domain}`)
    return { ...result, label }
  })
}

function report(judged: readonly Judged[]): string {
  const groups = [
    ...Map.groupBy(judged, ({ set, label }) => [set, label.className, label.campaign].join(' ').trim()),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `${[verdictTable(groups), delayTable(groups), summary(judged)].join('\n\n')}\n`
}

function verdictTable(groups: readonly (readonly [string, readonly Judged[]])[]): string {
  const rows = groups.map(([name, all]) => [
    name,
    String(all.length),
    ...COLUMNS.map((column) => String(all.filter((one) => columnOf(one) === column).length)),
    String(all.filter(flaggedByHolz).length),
  ])
  return table(['recording, class, campaign', 'domains', ...COLUMNS, 'Holz 2008 flags'], rows)
}

function columnOf({ verdict, flux_type: type }: FinalLine): string {
  return verdict === 'flux' ? `flux ${type}` : verdict
}

function flaggedByHolz({ panel }: FinalLine): boolean {
  return panel.some((opinion) => opinion.detector === 'holz-2008' && opinion.flags)
}

function delayTable(groups: readonly (readonly [string, readonly Judged[]])[]): string {
  const rows = groups.flatMap(([name, all]) => {
    const after = all
      .map((one) => one.flagged_after)
      .filter((count) => count !== null)
      .toSorted((a, b) => a - b)
    if (after.length === 0) return []
    const quantile = (share: number): string => String(after[Math.ceil(share * after.length) - 1])
    return [
      [name, `${after.length} of ${all.length}`, String(after[0]), quantile(0.5), quantile(0.9), quantile(1)],
    ]
  })
  return table(['campaign', 'flagged', 'least responses', 'median', '90 %', 'most'], rows)
}

function summary(judged: readonly Judged[]): string {
  const flux = judged.filter((one) => one.label.label === 'flux')
  const benign = judged.filter((one) => one.label.label === 'benign')
  const isFlux = (one: Judged): boolean => one.verdict === 'flux'
  const decided = benign.filter((one) => one.verdict !== 'pending')
  return table(
    ['figure', 'count', '95 % interval (Wilson)'],
    [
      shareRow('labelled flux, called flux', flux.filter(isFlux).length, flux.length),
      shareRow('labelled flux, flagged by Holz 2008', flux.filter(flaggedByHolz).length, flux.length),
      shareRow('labelled benign, called flux, of all', benign.filter(isFlux).length, benign.length),
      shareRow(
        'labelled benign, called flux, of those decided',
        decided.filter(isFlux).length,
        decided.length,
      ),
      shareRow('labelled benign, flagged by Holz 2008', benign.filter(flaggedByHolz).length, benign.length),
    ],
  )
}

function shareRow(name: string, count: number, total: number): readonly string[] {
  const [low, high] = wilson(count, total)
  return [name, `${count} of ${total}`, `${percent(low)} to ${percent(high)}`]
}

/** Wilson score interval of a share at 95 % (z = 1.96). */
function wilson(count: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1]
  const z = 1.96
  const share = count / total
  const centre = share + (z * z) / (2 * total)
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  const scale = 1 + (z * z) / total
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
