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

test('a difference under a tenth of a point is no mismatch, however sure it is', () => {
  assert.equal(isMismatch({ canary: 5_004_500, control: 4_995_500, share: 0.5 }, 0.5), false)
  assert.equal(isMismatch({ canary: 0, control: 0, share: 0.5 }, 0.001), false)
})
