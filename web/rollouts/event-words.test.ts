import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventWords } from './event-words.ts'

test('each kind of event becomes a sentence', () => {
  assert.equal(eventWords({ kind: 'stage', detail: { stage: 'shadow', step: 0 } }), 'Shadow.')
  assert.equal(eventWords({ kind: 'stage', detail: { stage: 'canary', step: 1 } }), 'Canary, step 2.')
  assert.equal(
    eventWords({ kind: 'ended', detail: { end: 'rolled-back', reason: '3 of the last 30 requests failed' } }),
    'Rolled back: 3 of the last 30 requests failed.',
  )
  assert.equal(
    eventWords({ kind: 'evidence', detail: { verdict: 'no_data', hash: 'ab'.repeat(32) } }),
    'Evidence abababababab was written: not enough data.',
  )
})

test('an event that the page does not know is told by its reason, or its name', () => {
  assert.equal(eventWords({ kind: 'odd-thing', detail: { why: 'it was late' } }), 'It was late.')
  assert.equal(eventWords({ kind: 'odd-thing', detail: { many: [1] } }), 'Odd thing.')
})
