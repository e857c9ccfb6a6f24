// The bench's tables, as Markdown: what bench/README.md shows is printed by this.
import { cpus } from 'node:os'
import type { Authority } from './authority.ts'
import { CONTENDERS } from './contenders/contenders.ts'
import type { Cores } from './cores.ts'
import { isMeasured } from './measured.ts'
import { medianRun, type Round } from './medians.ts'
import type { Target } from './targets.ts'

export interface Report {
  readonly command: string
  readonly date: string
  readonly authority: Authority
  readonly cores: Cores
  readonly rounds: readonly Round[]
  readonly targets: readonly Target[]
}

export function markdown({ command, date, authority, cores, rounds, targets }: Report): string {
  const place = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${process.platform} ${process.arch}`
  const pinning = cores.note ?? `clients on core ${cores.client}, authority on core ${cores.server}`
  return [
    `\`${command}\`, ${date}, Node ${process.version}, ${place}. Authority: ${authority.name}; ${pinning}.`,
    `Medians of ${rounds.length} rounds in alternation; CPU time is user and system of the client.`,
    '',
    table(
      ['client', 'in flight', 'CPU us per query', 'queries/s', 'unanswered', 'asked again', 'wrong'],
      CONTENDERS.filter(({ id }) => rounds.some((round) => round.has(id))).map((contender) => {
        const { label, ratePerSecond, inFlight, id } = contender
        const result = medianRun(rounds, id)
        const load = ratePerSecond === null ? String(inFlight) : `steady ${ratePerSecond}/s`
        if (!isMeasured(result)) return [label, load, result.unavailable, '', '', '', '']
        const { cpuUsPerQuery, queriesPerSecond, unansweredPercent, retriedPercent, wrongPercent } = result
        return [
          label,
          load,
          cpuUsPerQuery.toFixed(2),
          Math.round(queriesPerSecond).toLocaleString('en'),
          share(unansweredPercent),
          share(retriedPercent),
          share(wrongPercent),
        ]
      }),
    ),
    '',
    table(
      ['target', 'limit', 'measured', ''],
      targets.map(({ what, limit, measured, met }) => [
        what,
        limit,
        measured,
        met === null ? 'not judged' : met ? 'met' : 'MISSED',
      ]),
    ),
    '',
  ].join('\n')
}

function share(percentage: number | null): string {
  return percentage === null ? 'not told' : `${percentage.toFixed(3)} %`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
