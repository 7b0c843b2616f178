import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMismatch, sampleRatioP } from './sample-ratio.ts'

test('p-values are those of χ² with one degree of freedom', () => {
  // χ² = 3.841459 is its 95th percentile: 100 people at one half, 9.8 more than expected.
  assert.ok(Math.abs(sampleRatioP(59.8, 40.2, 0.5) - 0.05) < 1e-4)
  assert.equal(sampleRatioP(50, 50, 0.5), 1)
  assert.ok(Math.abs(sampleRatioP(35, 165, 0.1) - 4.07e-4) < 5e-6)
})

test('at 10 %, 35 of 200 people are a mismatch and 130 of 1,000 are not yet', () => {
  assert.equal(isMismatch({ canary: 35, control: 165, share: 0.1 }, 0.001), true)
  assert.equal(isMismatch({ canary: 130, control: 870, share: 0.1 }, 0.001), false)
})

test('few people are judged by what chance does, which χ² would call a mismatch', () => {
  // Two of two in a canary of 10 % (χ² says 2e-5), and none of three in one of 80 % (5e-4).
  assert.ok(Math.abs(sampleRatioP(2, 0, 0.1) - 0.01) < 1e-9)
  assert.ok(Math.abs(sampleRatioP(0, 3, 0.8) - 0.008) < 1e-9)
  assert.equal(isMismatch({ canary: 2, control: 0, share: 0.1 }, 0.001), false)
  assert.equal(isMismatch({ canary: 0, control: 3, share: 0.8 }, 0.001), false)
  // Both sides count: at one half, none of eight is as odd as all of eight.
  assert.ok(Math.abs(sampleRatioP(0, 8, 0.5) - 2 / 2 ** 8) < 1e-9)
  assert.equal(isMismatch({ canary: 4, control: 0, share: 0.1 }, 0.001), true)
})

test('a difference under a tenth of a point is no mismatch, however sure it is', () => {
  assert.equal(isMismatch({ canary: 5_004_500, control: 4_995_500, share: 0.5 }, 0.5), false)
  assert.equal(isMismatch({ canary: 0, control: 0, share: 0.5 }, 0.001), false)
})
