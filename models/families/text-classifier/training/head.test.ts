import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mostLikely } from '../../../../domain/model/evaluation.ts'
import { normal, seededRandom } from '../../../../domain/model/seeded-random.ts'
import { logitsOf, trainHead, type Features, type HeadTask } from './head.ts'
import { minimise } from './lbfgs.ts'

describe('L-BFGS', () => {
  it('finds the lowest point of a long valley', () => {
    // Σ (i + 1)³ · (x − i)²: a thousand times steeper one way than the other.
    const found = minimise(
      (at, slope) =>
        at.reduce((sum, x, i) => {
          slope[i] = 2 * (i + 1) ** 3 * (x - i)
          return sum + (i + 1) ** 3 * (x - i) ** 2
        }, 0),
      new Float64Array(10),
      { steps: 200, flat: 1e-9 },
    )
    for (const [index, value] of found.entries()) assert.ok(Math.abs(value - index) < 1e-6)
  })

  it('stops where it is flat, and after as many steps as it is allowed', () => {
    let asked = 0
    const bowl = (at: Float64Array, slope: Float64Array) => {
      asked += 1
      slope.set(at.map((x) => 2 * x))
      return at.reduce((sum, x) => sum + x * x, 0)
    }
    assert.deepEqual([...minimise(bowl, new Float64Array(2), { steps: 50, flat: 1e-6 })], [0, 0])
    assert.equal(asked, 1)
    const told: number[] = []
    minimise(bowl, Float64Array.of(3, 4), { steps: 1, flat: 0, onStep: (step) => told.push(step) })
    assert.deepEqual(told, [1])
  })
})

const noGrams = { columns: new Uint32Array(), values: new Float32Array() }

/** Three clouds of points; in the third one only the n-grams tell. */
function clouds(): { readonly features: Features[]; readonly truths: number[] } {
  const random = seededRandom(4)
  const features = Array.from({ length: 90 }, (_, index) => {
    const label = index % 3
    const vector = Float32Array.of(label === 0 ? 1 : -1, 0).map((value) => value + 0.2 * normal(random))
    const grams = label === 2 ? { columns: Uint32Array.of(1), values: Float32Array.of(1) } : noGrams
    return { vector, grams }
  })
  return { features, truths: features.map((_, index) => index % 3) }
}

describe('a head', () => {
  const { features, truths } = clouds()
  const task: HeadTask = {
    ...{ features, truths, weights: truths.map(() => 1), labels: 3, width: 2, grams: 2 },
    ...{ vectorScale: 1, l2: 1e-4, steps: 60, seed: 7 },
  }

  it('learns from the vector and from the n-grams', () => {
    const logits = logitsOf(trainHead(task), features, 1)
    assert.deepEqual(logits.map(mostLikely), truths)
  })

  it('is the same for the same seed to the last digit, and gives an n-gram nobody has nothing', () => {
    assert.deepEqual(trainHead(task), trainHead(task))
    assert.ok(
      trainHead({ ...task, steps: 200 })
        .grams.subarray(0, 3)
        .every((value) => Math.abs(value) < 1e-2),
    )
  })

  it('says with equal features what is most frequent, as weights tell it', () => {
    const same = features.map(() => ({ vector: new Float32Array(2), grams: noGrams }))
    const saidWith = (weights: readonly number[]) =>
      mostLikely(logitsOf(trainHead({ ...task, features: same, weights }), same.slice(0, 1), 1)[0] ?? [])
    assert.equal(saidWith(truths.map((label) => (label === 1 ? 5 : 1))), 1)
    assert.equal(saidWith(truths.map((label) => (label === 2 ? 5 : 1))), 2)
  })

  it('ends when it is aborted', () => {
    const reason = new Error('no longer wanted')
    assert.throws(() => trainHead({ ...task, signal: AbortSignal.abort(reason) }), reason)
  })
})
