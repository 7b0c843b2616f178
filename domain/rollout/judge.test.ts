import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolloutDefaults } from '../learning/numbers.ts'
import { judge, type Seen } from './judge.ts'

const seen = (change: Partial<Seen> = {}): Seen => ({
  pairs: { wins: 0, losses: 0, neither: 0 },
  lights: [],
  seen: 30,
  wanted: 30,
  waitedOut: false,
  ...change,
})
const verdictOf = (change: Partial<Seen>) => judge(seen(change), rolloutDefaults).verdict
const pairs = (wins: number, losses: number) => ({ pairs: { wins, losses, neither: 0 } })

test('eight straight wins pass, eight straight losses fail', () => {
  assert.equal(verdictOf(pairs(8, 0)), 'pass')
  assert.equal(verdictOf(pairs(7, 0)), 'no_data')
  assert.equal(verdictOf(pairs(0, 8)), 'fail')
})

test('a red guard fails, whatever the labels say', () => {
  assert.equal(verdictOf({ ...pairs(20, 0), lights: [{ guard: 'errors', light: 'red', why: 'errors' }] }), 'fail')
})

test('a red sample ratio voids the data, whatever the labels say', () => {
  assert.equal(
    verdictOf({ ...pairs(20, 0), lights: [{ guard: 'sample-ratio', light: 'red', why: 'uneven' }] }),
    'no_data',
  )
})

test('sixty labels without a decision are inconclusive', () => {
  assert.equal(verdictOf(pairs(36, 23)), 'no_data')
  assert.equal(verdictOf(pairs(36, 24)), 'inconclusive')
})

test('what has no hope is inconclusive, not bad', () => {
  assert.equal(verdictOf(pairs(0, 4)), 'inconclusive')
})

test('traffic that had its time is inconclusive, also when nobody came', () => {
  assert.equal(verdictOf({ seen: 0, waitedOut: true }), 'inconclusive')
  assert.equal(verdictOf({ seen: 0 }), 'no_data')
})

test('says in one sentence what would change it', () => {
  const { why, next } = judge(seen(pairs(6, 0)), rolloutDefaults)
  assert.match(why, /right in 6 and wrong in 0 of 6 labelled disagreements \(E = 9\.1\)/)
  assert.match(next, /^About 2 more labelled disagreements would decide\.$/)
  assert.match(judge(seen({ seen: 12 }), rolloutDefaults).next, /^18 more requests/)
})
