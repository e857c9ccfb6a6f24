import { describe, expect, it } from 'vitest'
import { MATRIX_MEMBERS, overlapMatrix } from '../../../src/core/networks/overlap-matrix.ts'

function member(domain: string, ...addresses: readonly string[]) {
  return { domain, agents: addresses.map((address) => ({ address })) }
}

describe('the overlap matrix', () => {
  it('has what two names share by the smaller of them', () => {
    const members = [
      member('a.example', '192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'),
      member('b.example', '192.0.2.1', '192.0.2.9'),
      member('c.example'),
    ]
    expect(overlapMatrix(members)).toEqual({
      domains: ['a.example', 'b.example', 'c.example'],
      shares: [
        [1, 0.5, 0],
        [0.5, 1, 0],
        [0, 0, 1],
      ],
    })
  })

  it('shows no more members than can be looked at', () => {
    const many = Array.from({ length: 80 }, (_, index) => member(`name-${index}.example`))
    expect(overlapMatrix(many).domains).toHaveLength(MATRIX_MEMBERS)
  })
})
