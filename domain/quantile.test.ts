import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { quantile, quantileOrNull } from './quantile.ts'

test('the quantile of a hundred numbers is the one of that rank', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.deepEqual(
    [0.01, 0.5, 0.95, 0.99, 1].map((share) => quantile(numbers, share)),
    [1, 50, 95, 99, 100],
  )
})

test('between two ranks it is the higher one, and never a number between them', () => {
  assert.equal(quantile([10, 20], 0.5), 10)
  assert.equal(quantile([10, 20], 0.51), 20)
  assert.equal(quantile([3, 1, 2], 0.5), 2)
  assert.equal(quantile([5], 0.99), 5)
})

test('at least its share of the values is at most the quantile, and no smaller value has that', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 })
  // Sixteenths are exact, so that multiplying them rounds nothing.
  const shares = fc.integer({ min: 0, max: 16 }).map((sixteenths) => sixteenths / 16)
  fc.assert(
    fc.property(values, shares, (list, share) => {
      const found = quantile(list, share)
      const shareUpTo = (most: number) => list.filter((value) => value <= most).length / list.length
      assert.ok(list.includes(found) && shareUpTo(found) >= share)
      for (const value of list) assert.ok(value >= found || shareUpTo(value) < share)
    }),
  )
})

test('the order of the values is not touched, and none have no quantile', () => {
  const values = [3, 1, 2]
  quantile(values, 0.5)
  assert.deepEqual(values, [3, 1, 2])
  assert.throws(() => quantile([], 0.5), RangeError)
  assert.equal(quantileOrNull([], 0.95), null)
  assert.equal(quantileOrNull([1, 2], 0.95), 2)
})
