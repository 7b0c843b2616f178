import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTally, type Finished } from './tally.ts'

const ended = (tookMs: number, changes: Partial<Finished> = {}): Finished => ({
  businessKey: 'k',
  outcome: 'answered',
  tookMs,
  sentOutside: false,
  ...changes,
})

test('nothing that ended has no latency', () => {
  const read = createTally().read()
  assert.equal(read.latencyMs, null)
  assert.deepEqual(read.histogram, [])
})

test('percentiles are those of the nearest rank', () => {
  const tally = createTally()
  for (let ms = 100; ms >= 1; ms -= 1) tally.add(ended(ms), 0)
  assert.deepEqual(tally.read().latencyMs, { p50: 50, p95: 95, p99: 99, max: 100 })
})

test('the time before the commit counts too', () => {
  const tally = createTally()
  tally.add(ended(30), 12.4)
  assert.deepEqual(tally.read().histogram, [[42, 1]])
})

test('the histogram counts whole milliseconds in rising order, and a clock that went back is 0', () => {
  const tally = createTally()
  for (const ms of [7, 3, 7.2, -5]) tally.add(ended(ms), 0)
  assert.deepEqual(tally.read().histogram, [
    [0, 1],
    [3, 1],
    [7, 2],
  ])
})

test('a refusal is an answer; what failed or expired has no latency', () => {
  const tally = createTally()
  for (const outcome of ['answered', 'refused', 'failed', 'expired'] as const) tally.add(ended(10, { outcome }), 0)
  const { answered, failed, histogram } = tally.read()
  assert.deepEqual({ answered, failed, histogram }, { answered: 2, failed: 2, histogram: [[10, 2]] })
})

test('a reply that went outside is counted', () => {
  const tally = createTally()
  tally.add(ended(1), 0)
  tally.add(ended(1, { sentOutside: true }), 0)
  assert.equal(tally.read().sentOutside, 1)
})
