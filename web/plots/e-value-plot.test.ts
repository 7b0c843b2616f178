import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eValueRange } from './e-value-plot.tsx'

test('evidence that fell far is drawn where it is, not at the edge', () => {
  const [least] = eValueRange([1, 0.2, 0.012], 20)
  assert.ok(least > 0 && least < 0.012, `it begins at ${least}`)
  assert.deepEqual(eValueRange([1, 0, 0.5], 20), [0.1, 40])
  assert.deepEqual(eValueRange([1, 100], 20), [0.1, 120])
})
