import { expect, test } from 'vitest'
import { Teardown } from '../src/teardown.ts'

test('What was opened last is closed first, and what fails or hangs keeps nothing else open', async () => {
  const reported: string[] = []
  const closed: string[] = []
  const teardown = new Teardown((error, name) => reported.push(`${name}: ${(error as Error).message}`))
  teardown.push('first', async () => closed.push('first'))
  teardown.push('failing', async () => {
    throw new Error('cannot')
  })
  teardown.push('hanging', () => new Promise(() => {}))
  teardown.push('last', async () => closed.push('last'))
  await teardown.run(0)
  expect(closed).toEqual(['last', 'first'])
  expect(reported).toEqual(['hanging: not closed within 250 ms', 'failing: cannot'])
})

test('No part gets more than half of the time that is left, and running it twice closes once', async () => {
  const limits: number[] = []
  const teardown = new Teardown(() => {})
  teardown.push('second', async (limitMs) => limits.push(limitMs))
  teardown.push('first', async (limitMs) => limits.push(limitMs))
  await teardown.run(10_000)
  await teardown.run(10_000)
  expect(limits.length).toBe(2)
  for (const limit of limits) expect(limit).toBeLessThanOrEqual(5000)
})
