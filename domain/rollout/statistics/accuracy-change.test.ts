import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accuracyChange, agreementOf } from './accuracy-change.ts'

test('the change is the share that differs, times what people say of it', () => {
  const change = accuracyChange({ compared: 200, agreed: 180 }, { wins: 12, losses: 4, neither: 4 })
  assert(change)
  // A tenth differs, and eight of twenty labels are to its credit.
  assert.ok(Math.abs(change.value - 0.04) < 1e-12)
  assert.ok(change.from > 0 && change.from < 0.04 && change.to > 0.04 && change.to < 0.07, JSON.stringify(change))
})

test('a few labels that all say the same leave it open how much', () => {
  const change = accuracyChange({ compared: 10, agreed: 5 }, { wins: 3, losses: 0, neither: 0 })
  assert(change)
  assert.equal(change.value, 0.5)
  assert.ok(change.to - change.from > 0.15, JSON.stringify(change))
  const none = accuracyChange({ compared: 10, agreed: 5 }, { wins: 2, losses: 2, neither: 0 })
  assert.ok(none && none.from < 0 && none.to > 0)
})

test('without requests or labels nothing is estimated', () => {
  const none = { wins: 0, losses: 0, neither: 0 }
  assert.equal(agreementOf({ compared: 0, agreed: 0 }), null)
  assert.equal(accuracyChange({ compared: 0, agreed: 0 }, { ...none, wins: 1 }), null)
  assert.equal(accuracyChange({ compared: 5, agreed: 5 }, none), null)
})
