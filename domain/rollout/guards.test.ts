import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolloutDefaults } from '../learning/numbers.ts'
import { guardLights, trippedGuard } from './guards.ts'
import type { GuardId } from './verdict.ts'
import type { RolloutWindow, VersionWindow } from './window.ts'

const healthy: VersionWindow = {
  requests: 30,
  errors: 0,
  invalid: 0,
  deadlineMisses: 0,
  p50Ms: 40,
  p95Ms: 80,
  thirdSlowestMs: 70,
  meanConfidence: 0.9,
  answers: 30,
  corrections: 0,
  baselineDisagreement: 0.05,
}
const windowOf = (version: Partial<VersionWindow>, rest: Partial<RolloutWindow> = {}): RolloutWindow => ({
  version: { ...healthy, ...version },
  champion: healthy,
  seen: 30,
  compared: 30,
  agreed: 28,
  ...rest,
})
const lightOf = (window: RolloutWindow, wanted: GuardId) =>
  guardLights(window, rolloutDefaults.guards).find(({ guard }) => guard === wanted)?.light
const tripped = (window: RolloutWindow) => trippedGuard(guardLights(window, rolloutDefaults.guards))?.guard

test('a healthy version trips nothing', () => {
  assert.equal(tripped(windowOf({})), undefined)
  assert.deepEqual(
    guardLights(windowOf({}), rolloutDefaults.guards).map(({ light }) => light),
    ['green', 'green', 'green', 'green', 'green', 'green', 'green', 'no_data'],
  )
})

test('three errors or invalid answers roll back, two do not', () => {
  assert.equal(tripped(windowOf({ errors: 2 })), undefined)
  assert.equal(lightOf(windowOf({ errors: 2 }), 'errors'), 'yellow')
  assert.equal(tripped(windowOf({ errors: 3 })), 'errors')
  assert.equal(tripped(windowOf({ invalid: 3 })), 'invalid-output')
  assert.equal(tripped(windowOf({ errors: 2, invalid: 1 })), 'errors')
})

test('more than a fifth of missed deadlines roll back, and two misses never', () => {
  assert.equal(tripped(windowOf({ deadlineMisses: 6 })), undefined)
  assert.equal(tripped(windowOf({ deadlineMisses: 7 })), 'deadline-misses')
  assert.equal(tripped(windowOf({ requests: 4, deadlineMisses: 2 })), undefined)
})

test('a slow version is twice as slow as the champion and slower than half a second', () => {
  assert.equal(tripped(windowOf({ p95Ms: 400 })), undefined)
  assert.equal(lightOf(windowOf({ p95Ms: 400 }), 'latency'), 'yellow')
  assert.equal(tripped(windowOf({ p95Ms: 501 })), 'latency')
  assert.equal(tripped(windowOf({ requests: 5, p95Ms: 9_000 })), undefined)
})

test('in a small window one slow answer is chance, and three are harm', () => {
  const few = { requests: 12, p95Ms: 4_000 }
  assert.equal(tripped(windowOf(few)), undefined)
  assert.equal(lightOf(windowOf(few), 'latency'), 'yellow')
  assert.equal(tripped(windowOf({ ...few, thirdSlowestMs: 4_000 })), 'latency')
  assert.equal(tripped(windowOf({ ...few, thirdSlowestMs: null })), undefined)
})

test('confidence that falls by more than a quarter rolls back', () => {
  assert.equal(tripped(windowOf({ meanConfidence: 0.66 })), undefined)
  assert.equal(tripped(windowOf({ meanConfidence: 0.64 })), 'confidence')
})

test('five corrections and twice the champion’s rate roll back', () => {
  assert.equal(tripped(windowOf({ corrections: 4 })), undefined)
  assert.equal(tripped(windowOf({ corrections: 5 })), 'corrections')
  const careless = { ...healthy, corrections: 4 }
  assert.equal(tripped(windowOf({ corrections: 5 }, { champion: careless })), undefined)
})

test('a world that changed is shown and never a reason to roll back', () => {
  const window = windowOf({ baselineDisagreement: 0.9 })
  assert.equal(lightOf(window, 'baseline-disagreement'), 'yellow')
  assert.equal(tripped(window), undefined)
})

test('a sample ratio that is red is no harm of the version', () => {
  const window = windowOf({}, { assigned: { canary: 35, control: 165, share: 0.1 } })
  assert.equal(lightOf(window, 'sample-ratio'), 'red')
  assert.equal(tripped(window), undefined)
})

test('nothing can be said of a version that nobody has asked', () => {
  const silent = {
    requests: 0,
    p50Ms: null,
    p95Ms: null,
    thirdSlowestMs: null,
    meanConfidence: null,
    answers: 0,
    baselineDisagreement: null,
  }
  const lights = guardLights(windowOf(silent), rolloutDefaults.guards).map(({ light }) => light)
  assert.deepEqual(new Set(lights), new Set(['no_data']))
})
