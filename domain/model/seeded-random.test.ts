import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { normal, seededRandom, shuffled } from './seeded-random.ts'

const seeds = fc.integer({ min: 1, max: 2 ** 31 })

describe('a seeded generator', () => {
  it('gives the same numbers for the same seed, others for another, all in [0, 1)', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const take = (from: number) => Array.from({ length: 20 }, seededRandom(from))
        assert.deepEqual(take(seed), take(seed))
        assert.notDeepEqual(take(seed), take(seed + 1))
        assert.ok(take(seed).every((number) => number >= 0 && number < 1))
      }),
    )
  })

  it('spreads evenly enough to draw samples with', () => {
    const random = seededRandom(7)
    const numbers = Array.from({ length: 20_000 }, random)
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
    assert.ok(Math.abs(mean - 0.5) < 0.01)
    const normals = Array.from({ length: 20_000 }, () => normal(random))
    const spread = normals.reduce((sum, number) => sum + number ** 2, 0) / normals.length
    assert.ok(Math.abs(spread - 1) < 0.05)
  })

  it('refuses the seed 0, which TensorFlow takes for "any"', () => {
    assert.throws(() => seededRandom(0), RangeError)
    assert.throws(() => seededRandom(1.5), RangeError)
  })
})

describe('shuffling', () => {
  it('keeps every item, leaves its argument alone, and depends on the seed only', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seeds, (items, seed) => {
        const before = [...items]
        const once = shuffled(items, seededRandom(seed))
        assert.deepEqual(once, shuffled(items, seededRandom(seed)))
        assert.deepEqual(items, before)
        assert.deepEqual(
          [...once].toSorted((a, b) => a - b),
          before.toSorted((a, b) => a - b),
        )
      }),
    )
  })
})
