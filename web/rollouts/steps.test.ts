import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepsOf } from './steps.ts'

const numbers = {
  shadowRequests: 30,
  canary: [
    { weight: 0.1, requests: 30 },
    { weight: 0.5, requests: 40 },
  ],
  bakeRequests: 100,
  evidence: 20,
  inconclusiveAfter: 60,
  demo: false,
}
const at = (stage: string, more: object = {}) => stepsOf({ stage, step: 0, numbers, ...more })
const states = (steps: ReturnType<typeof stepsOf>) => steps.map(({ state }) => state[0]).join('')

test('each step of the canary is a step of its own, with what it wants to see', () => {
  const steps = at('canary', { step: 1, seen: 12, wanted: 40 })
  assert.deepEqual(
    steps.map(({ name }) => name),
    ['Recorded', 'Replay', 'Shadow', 'Canary 10 %', 'Canary 50 %', 'Waits for approval', 'Bake time', 'Live'],
  )
  assert.equal(states(steps), 'ddddnaaa')
  assert.equal(steps[4]?.words, '12 of 40 requests')
  assert.equal(steps[6]?.words, '100 requests')
})

test('a promoted version has every step behind it', () => {
  assert.equal(states(at('done', { end: 'promoted', endedAt: '2026-01-01T00:00:00Z' })), 'dddddddd')
})

test('a rollout that was rolled back stops where it was', () => {
  assert.equal(states(at('shadow', { end: 'rolled-back', endedAt: '2026-01-01T00:00:00Z' })), 'ddsaaaaa')
})

test('a rollout that ended without a promotion never looks promoted', () => {
  assert.ok(!states(at('done', { end: 'rejected', endedAt: '2026-01-01T00:00:00Z' })).endsWith('d'))
})
