import assert from 'node:assert/strict'
import { test } from 'node:test'
import { promotionOf } from './verdict.ts'

test('what decided nothing can be overridden; harm, and too little seen, cannot', () => {
  assert.deepEqual((['pass', 'inconclusive', 'no_data', 'fail'] as const).map(promotionOf), [
    'free',
    'override',
    'impossible',
    'impossible',
  ])
})
