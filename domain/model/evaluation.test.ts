import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { areaUnderCurve, expectedCalibrationError, figuresOf, mostLikely, reliabilityOf } from './evaluation.ts'

const said = (truth: number, ...probabilities: readonly number[]) => ({ truth, probabilities })

describe('the area under the curve', () => {
  it('is 1 for a perfect ranking, 0 for a reversed one, a half for ties', () => {
    const ranked = (...scores: readonly number[]) =>
      scores.map((score, index) => ({ score, positive: index >= scores.length / 2 }))
    assert.equal(areaUnderCurve(ranked(1, 2, 3, 4)), 1)
    assert.equal(areaUnderCurve(ranked(4, 3, 2, 1)), 0)
    assert.equal(areaUnderCurve(ranked(1, 1, 1, 1)), 0.5)
  })

  it('is the share of pairs in the right order', () => {
    const example = fc.record({ score: fc.integer({ min: 0, max: 5 }), positive: fc.boolean() })
    fc.assert(
      fc.property(fc.array(example, { maxLength: 20 }), (ranked) => {
        const pairs = ranked
          .filter(({ positive }) => positive)
          .flatMap((one) =>
            ranked.filter(({ positive }) => !positive).map((other) => (Math.sign(one.score - other.score) + 1) / 2),
          )
        const expected = pairs.length === 0 ? null : pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length
        const area = areaUnderCurve(ranked)
        assert.ok(area === expected || Math.abs((area ?? 0) - (expected ?? 0)) < 1e-9)
      }),
    )
  })

  it('is nothing when one side is missing', () => {
    assert.equal(areaUnderCurve([{ score: 1, positive: true }]), null)
  })
})

describe('figures', () => {
  const outcomes = [
    said(0, 0.9, 0.1),
    said(0, 0.4, 0.6),
    said(1, 0.3, 0.7),
    said(1, 0.2, 0.8),
    said(1, 0.1, 0.9),
    said(1, 0.45, 0.55),
  ]

  it('count what was said against what is true', () => {
    const figures = figuresOf(outcomes, 2)
    assert.deepEqual(figures.confusion, [
      [1, 1],
      [0, 4],
    ])
    assert.deepEqual(figures.support, [2, 4])
    assert.equal(figures.accuracy, 5 / 6)
    assert.equal(figures.balancedAccuracy, 0.75)
    assert.equal(figures.majorityRate, 4 / 6)
    assert.deepEqual(figures.auc, [0.875, 0.875])
  })

  it('of one label only have no area, and a balanced accuracy over that label', () => {
    const figures = figuresOf([said(1, 0.9, 0.1), said(1, 0.1, 0.9)], 2)
    assert.deepEqual(figures.auc, [null, null])
    assert.equal(figures.balancedAccuracy, 0.5)
  })

  it('of nothing are refused', () => {
    assert.throws(() => figuresOf([], 2), RangeError)
  })
})

describe('the calibration error', () => {
  it('is 0 when 80 % sure is right in 80 %, and the gap otherwise', () => {
    const tenTimes = (right: number) => Array.from({ length: 10 }, (_, index) => said(index < right ? 0 : 1, 0.8, 0.2))
    assert.ok(expectedCalibrationError(tenTimes(8)) < 1e-9)
    assert.ok(Math.abs(expectedCalibrationError(tenTimes(5)) - 0.3) < 1e-9)
    const [bin, ...others] = reliabilityOf(tenTimes(5))
    assert.deepEqual([bin?.accuracy, bin?.count, others.length], [0.5, 10, 0])
  })
})

describe('the likeliest label', () => {
  it('is the first of equals', () => {
    assert.equal(mostLikely([0.5, 0.5]), 0)
    assert.equal(mostLikely([0.2, 0.8]), 1)
  })
})
