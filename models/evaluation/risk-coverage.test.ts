import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Outcome } from '../../domain/model/evaluation.ts'
import { curveTable, pointAt, unsureOf, unsureShare } from './risk-coverage.ts'

/** A hundred answers, from 0.505 to 1 sure; the truth is label 0, and the 20 least sure say label 1. */
const answers: readonly Outcome[] = Array.from({ length: 100 }, (_, index) => {
  const confidence = 0.505 + index * 0.005
  return { truth: 0, probabilities: index < 20 ? [1 - confidence, confidence] : [confidence, 1 - confidence] }
})

const near = (one: number | null | undefined, other: number) => Math.abs((one ?? NaN) - other) < 1e-9

describe('the risk–coverage curve', () => {
  it('tells at a confidence how many answers ask people, and how many of the others are wrong', () => {
    const { share, error } = pointAt(answers, 0.505 + 10 * 0.005 - 1e-9)
    assert.ok(near(share, 0.1))
    assert.ok(near(error, 10 / 90))
  })

  it('begins with asking nobody, and makes fewer mistakes the more it asks when confidence means something', () => {
    const { curve } = unsureOf(answers)
    assert.equal(curve.length, 20)
    assert.ok(near(curve[0]?.share, 0) && near(curve[0]?.error, 0.2))
    const errors = curve.map(({ error }) => error ?? NaN)
    assert.deepEqual(
      errors,
      errors.toSorted((one, other) => other - one),
    )
    assert.equal(errors.at(-1), 0)
  })

  it('chooses a confidence that asks about no more than the share, also when many are equally sure', () => {
    const equal = answers.map((one) => ({ ...one, probabilities: [0.7, 0.3] }))
    for (const some of [answers, answers.slice(0, 7), equal])
      assert.ok(pointAt(some, unsureOf(some).confidence).share <= unsureShare)
    assert.ok(pointAt(answers, unsureOf(answers).confidence).share > unsureShare - 0.02)
  })

  it('has no mistakes to tell when everything is asked, and no point without answers', () => {
    assert.deepEqual(pointAt(answers, 1.1), { confidence: 1.1, share: 1, error: null })
    assert.throws(() => pointAt([], 0.5), RangeError)
    assert.deepEqual(unsureOf([]), { share: unsureShare, confidence: 0, curve: [] })
  })

  it('is a table with a row per point', () => {
    const table = curveTable({ ...unsureOf(answers), curve: [pointAt(answers, 0), pointAt(answers, 2)] })
    assert.deepEqual(table.split('\n').slice(2), ['| 0.0 % | 0.0 % | 20.0 % |', '| 200.0 % | 100.0 % | none left |'])
  })
})
