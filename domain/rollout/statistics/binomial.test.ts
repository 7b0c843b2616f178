import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactBinomial, logGamma } from './binomial.ts'

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)

test('the logarithm of the gamma function is that of factorials', () => {
  let factorial = 1
  for (let n = 1; n <= 20; n += 1) {
    near(logGamma(n), Math.log(factorial), 1e-9 * Math.max(1, Math.log(factorial)))
    factorial *= n
  }
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-10)
})

test('the exact test counts every outcome that is no likelier, on both sides', () => {
  // 1 of 9 heads: 10 ways on either side, of 512.
  near(exactBinomial(1, 9, 0.5), 20 / 512, 1e-9)
  near(exactBinomial(0, 3, 0.8), 0.008, 1e-9)
  near(exactBinomial(5, 10, 0.5), 1, 1e-9)
})
