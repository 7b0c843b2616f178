import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { balancedWeights, fitTemperature, logLoss, softmax, type Judged } from './calibration.ts'
import { normal, seededRandom } from './seeded-random.ts'

const logits = fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 2, maxLength: 6 })

/** Judgements whose truth is drawn from softmax(logits), then told `factor` times too loudly. */
function overconfident(factor: number): readonly Judged[] {
  const random = seededRandom(11)
  return Array.from({ length: 4000 }, () => {
    const honest = [2 * normal(random), 2 * normal(random)]
    const truth = random() < (softmax(honest)[0] ?? 0) ? 0 : 1
    return { logits: honest.map((logit) => logit * factor), truth, weight: 1 }
  })
}

describe('probabilities', () => {
  it('are between 0 and 1 and sum to 1, at any temperature and without overflow', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.05, max: 50, noNaN: true }), (row, temperature) => {
        const probabilities = softmax(row, temperature)
        assert.ok(probabilities.every((one) => one >= 0 && one <= 1))
        assert.ok(Math.abs(probabilities.reduce((sum, one) => sum + one, 0) - 1) < 1e-9)
      }),
    )
  })
})

describe('the temperature', () => {
  it('is found again when judgements were told too loudly or too softly', () => {
    for (const factor of [0.5, 1, 4]) {
      const temperature = fitTemperature(overconfident(factor))
      assert.ok(Math.abs(temperature / factor - 1) < 0.1, `${temperature} for ${factor}`)
    }
  })

  it('never makes the log loss worse than leaving it', () => {
    const judged = overconfident(3)
    assert.ok(logLoss(judged, fitTemperature(judged)) < logLoss(judged, 1))
  })

  it('stays within its bounds when everything is right, and is 1 without judgements', () => {
    assert.ok(fitTemperature([{ logits: [9, 0], truth: 0, weight: 1 }]) >= 0.05)
    assert.ok(fitTemperature([{ logits: [9, 0], truth: 1, weight: 1 }]) <= 50)
    assert.equal(fitTemperature([]), 1)
  })
})

describe('balanced weights', () => {
  it('let every label count the same, and all together as many as there are', () => {
    const truths = [0, 0, 0, 1]
    const weights = balancedWeights(truths)
    const sumOf = (label: number) => weights.filter((_, at) => truths[at] === label).reduce((sum, one) => sum + one, 0)
    assert.equal(sumOf(0), 2)
    assert.equal(sumOf(1), 2)
  })
})
