import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logGamma } from './binomial.ts'
import { errorBound, eValue, exactMcNemar, isFutile, labelsNeeded, shareInterval } from './e-value.ts'

const near = (actual: number | null | undefined, expected: number, within: number) =>
  assert.ok(actual != null && Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)

test('eight straight wins decide at α = 0.05, seven do not', () => {
  near(eValue(8, 0), 256 / 9, 1e-8)
  near(eValue(7, 0), 16, 1e-8)
  assert.equal(eValue(0, 8).toFixed(6), eValue(8, 0).toFixed(6))
  near(eValue(35, 15), 9.8, 0.1)
})

test('the e-value is a fair bet: its mean over all outcomes of n pairs is 1', () => {
  const n = 12
  let mean = 0
  for (let wins = 0; wins <= n; wins += 1) {
    const ways = Math.exp(logGamma(n + 1) - logGamma(wins + 1) - logGamma(n - wins + 1))
    mean += (ways / 2 ** n) * eValue(wins, n - wins)
  }
  near(mean, 1, 1e-9)
})

test('how many labels are still needed shrinks with every win', () => {
  assert.equal(labelsNeeded({ wins: 8, losses: 0 }, 20), 0)
  assert.equal(labelsNeeded({ wins: 7, losses: 0 }, 20), 1)
  const [none, some] = [labelsNeeded({ wins: 0, losses: 0 }, 20), labelsNeeded({ wins: 4, losses: 1 }, 20)]
  assert.ok(none !== undefined && some !== undefined && none > some && some > 3)
  assert.equal(labelsNeeded({ wins: 20, losses: 30 }, 20), undefined)
})

test('a challenger that loses is given up early, and one that wins is not', () => {
  assert.equal(isFutile({ wins: 0, losses: 3 }), false)
  assert.equal(isFutile({ wins: 0, losses: 4 }), true)
  assert.equal(isFutile({ wins: 10, losses: 3 }), false)
})

test("McNemar's exact test needs 9 of 10, 15 of 20 and 18 of 25 wins for 5 %", () => {
  for (const [wins, pairs] of [
    [9, 10],
    [15, 20],
    [18, 25],
  ] as const) {
    assert.ok(exactMcNemar(wins, pairs - wins) <= 0.05, `${wins} of ${pairs}`)
    assert.ok(exactMcNemar(wins - 1, pairs - wins + 1) > 0.05, `${wins - 1} of ${pairs}`)
  }
  assert.equal(exactMcNemar(0, 0), 1)
  assert.ok(exactMcNemar(5, 0) > 0.05)
})

test('no failure in 30, 100 and 300 requests still allows 9.5 %, 3 % and 1 %', () => {
  near(errorBound(0, 30), 0.095, 5e-4)
  near(errorBound(0, 100), 0.03, 5e-4)
  near(errorBound(0, 300), 0.01, 5e-4)
  assert.equal(errorBound(3, 3), 1)
  assert.equal(errorBound(0, 0), null)
})

test('the interval of a share holds it and stays between 0 and 1', () => {
  assert.equal(shareInterval(0, 0), null)
  const none = shareInterval(0, 10)
  assert.ok(none?.from === 0 && none.to > 0.2 && none.to < 0.35)
  const half = shareInterval(50, 100)
  near(half?.from, 0.404, 1e-3)
  near(half?.to, 0.596, 1e-3)
})
