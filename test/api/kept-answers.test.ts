// Answers that are kept as long as their stamp is the same and there is room.
import { describe, expect, test } from 'vitest'
import { KeptAnswers, type TaggedAnswer } from '../../src/api/http/kept-answers.ts'

function answer(body: string): TaggedAnswer {
  return { body: Buffer.from(body), tag: `W/"${body.length}"` }
}

describe('A kept answer', () => {
  test('is given for the key and stamp that it was set with, and for no other', () => {
    const answers = new KeptAnswers()
    const kept = answer('{"a":1}')
    answers.set('a.example', 's1', kept)
    expect(answers.get('a.example', 's1')).toBe(kept)
    expect(answers.get('a.example', 's2')).toBeNull()
    expect(answers.get('b.example', 's1')).toBeNull()
  })

  test('is replaced by a later one of the same key', () => {
    const answers = new KeptAnswers()
    answers.set('a.example', 's1', answer('old'))
    const later = answer('new')
    answers.set('a.example', 's2', later)
    expect(answers.get('a.example', 's1')).toBeNull()
    expect(answers.get('a.example', 's2')).toBe(later)
  })
})

describe('The room for answers', () => {
  test('is left by those that were set first when it is too small', () => {
    const answers = new KeptAnswers(10)
    for (const key of ['a', 'b', 'c']) answers.set(key, 's', answer('1234'))
    expect(['a', 'b', 'c'].map((key) => answers.get(key, 's')?.body.toString() ?? null)).toEqual([
      null,
      '1234',
      '1234',
    ])
  })

  test('is that of the answers that are there: one that was replaced does not count any more', () => {
    const answers = new KeptAnswers(10)
    for (let count = 0; count < 100; count += 1) answers.set('a', `s${count}`, answer('12345'))
    answers.set('b', 's', answer('12345'))
    expect(answers.get('a', 's99')).not.toBeNull()
    expect(answers.get('b', 's')).not.toBeNull()
  })

  test('makes who is set anew the youngest', () => {
    const answers = new KeptAnswers(10)
    answers.set('a', 's', answer('12345'))
    answers.set('b', 's', answer('12345'))
    answers.set('a', 's', answer('54321'))
    answers.set('c', 's', answer('12345'))
    expect(answers.get('b', 's')).toBeNull()
    expect(answers.get('a', 's')?.body.toString()).toBe('54321')
  })

  test('does not keep what is larger than it, and is empty then', () => {
    const answers = new KeptAnswers(10)
    answers.set('a', 's', answer('123'))
    answers.set('b', 's', answer('12345678901'))
    expect([answers.get('a', 's'), answers.get('b', 's')]).toEqual([null, null])
    answers.set('c', 's', answer('1234567890'))
    expect(answers.get('c', 's')).not.toBeNull()
  })
})
