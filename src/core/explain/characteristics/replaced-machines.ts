// "The nodes watch each other and drop who is down." The watching happens out of sight; what DNS shows is that machines are replaced.
import { percentOf } from '../../detect/prose-number.ts'
import { countOf } from '../../detect/signs/sign.ts'
import type { Characteristic, Observed } from '../../model/explanation.ts'
import { GROWING, LEAST_LOOKS, NEW_DRAW, RETURNING } from '../bounds.ts'
import { livelierFamily } from '../readings.ts'
import type { Readings } from '../readings.ts'

export function replacedMachines(readings: Readings): Characteristic {
  const named = { id: 'replaced-machines', title: 'Machines that are down are dropped and replaced' } as const
  const family = livelierFamily(readings)
  const growth = readings.value(`${family}_growth`)
  const continuing = readings.value(`${family}_continuing_share`)
  if (growth === null || continuing === null) {
    return {
      ...named,
      observed: 'unknown',
      text: 'Too few looks to see whether addresses go and others come.',
    }
  }
  const returning = readings.value(`${family}_returning_share`)
  const lifetime = readings.value(`${family}_lifetime_median`)
  const failed = readings.value('failed_share')
  const parts = [
    `${percentOf(continuing)} of a look's addresses were there the look before`,
    ...(returning === null ? [] : [`${percentOf(returning)} came back after an absence`]),
    ...(lifetime === null ? [] : [lifetimeText(lifetime)]),
    ...(failed === null || failed === 0 ? [] : [`${percentOf(failed)} of the questions failed`]),
  ]
  const looks = readings.support(`${family}_continuing_share`)
  const observed = judge(growth, continuing, returning ?? 0, looks)
  const why =
    continuing < NEW_DRAW && growth >= GROWING
      ? ' Each answer is a new draw, so an address that is missing need not be down.'
      : ''
  return { ...named, observed, text: `${parts.join(', ')} (${countOf(looks, 'look')}).${why}` }
}

function lifetimeText(seconds: number): string {
  return seconds === 0
    ? 'at least half of those that are gone were seen once only'
    : `half of those that are gone were seen for at most ${seconds} s`
}

function judge(growth: number, continuing: number, returning: number, looks: number): Observed {
  if (looks < LEAST_LOOKS) return 'unknown'
  if (growth === 0) return 'no'
  return growth >= GROWING && continuing >= NEW_DRAW && continuing < 1 && returning <= RETURNING
    ? 'yes'
    : 'unknown'
}
