// The reliability diagram as SVG: mean score against the share that does flux, a line for each moment.
import type { ReliabilityBin } from '../metrics/calibration.ts'

export interface ReliabilityLine {
  readonly name: string
  readonly bins: readonly ReliabilityBin[]
}

const SIZE = 420
const MARGIN = 56
const COLOURS = ['#1b6ca8', '#c2571a', '#2e7d32', '#7b3fa0'] as const

export function reliabilitySvg(lines: readonly ReliabilityLine[]): string {
  const x = (value: number): string => (MARGIN + value * SIZE).toFixed(1)
  const y = (value: number): string => (MARGIN / 2 + (1 - value) * SIZE).toFixed(1)
  const width = SIZE + MARGIN * 1.5
  const height = SIZE + MARGIN * 1.5 + lines.length * 18
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...ticks.flatMap((tick) => [
      `<path d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" stroke="#ddd"/>`,
      `<text x="${x(tick)}" y="${Number(y(0)) + 16}" text-anchor="middle">${tick}</text>`,
      `<text x="${Number(x(0)) - 8}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`,
    ]),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    `<text x="${x(0.5)}" y="${Number(y(0)) + 34}" text-anchor="middle">mean score</text>`,
    `<text transform="translate(14 ${y(0.5)}) rotate(-90)" text-anchor="middle">share that fluxes</text>`,
    ...lines.flatMap(({ name, bins }, place) => {
      const colour = COLOURS[place % COLOURS.length]!
      const points = bins.filter((bin) => bin.meanScore !== null)
      const path = points.map((bin) => `${x(bin.meanScore!)} ${y(bin.fluxShare!)}`).join('L')
      const legendY = Number(y(0)) + 54 + place * 18
      return [
        ...(points.length > 1 ? [`<path d="M${path}" fill="none" stroke="${colour}"/>`] : []),
        ...points.map(
          (bin) =>
            `<circle cx="${x(bin.meanScore!)}" cy="${y(bin.fluxShare!)}" r="${radius(bin.members)}" fill="${colour}"/>`,
        ),
        `<circle cx="${MARGIN}" cy="${legendY - 4}" r="4" fill="${colour}"/>`,
        `<text x="${MARGIN + 10}" y="${legendY}">${name}</text>`,
      ]
    }),
    '</svg>',
    '',
  ].join('\n')
}

/** Grows with the order of magnitude of the members in the bin. */
function radius(members: number): string {
  return (2 + Math.log10(Math.max(1, members))).toFixed(1)
}
