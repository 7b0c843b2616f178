import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventWords, stepsOf, whereItIs } from './progress.ts'

const numbers = {
  shadowRequests: 30,
  canary: [
    { weight: 0.1, requests: 30 },
    { weight: 0.5, requests: 40 },
  ],
  bakeRequests: 100,
}
type Position = Parameters<typeof stepsOf>[0]
const position = (stage: Position['stage'], more: Partial<Position> = {}): Position => ({
  ...{ stage, step: 0, end: null, endedAt: null, seen: 0, wanted: 0, numbers },
  ...more,
})
const entered = (...stages: readonly string[]) =>
  stages.map((name) => {
    const [stage, step = '0'] = name.split(' ')
    return { kind: 'stage', detail: { stage, step: Number(step) } }
  })
const all = entered('replay', 'shadow', 'canary 0', 'canary 1', 'approval', 'bake')
const states = (steps: ReturnType<typeof stepsOf>) =>
  steps.map(({ state }) => (state === 'skipped' ? '-' : state[0])).join('')

test('each step of the canary is a step of its own, with what it wants to see', () => {
  const here = position('canary', { step: 1, seen: 12, wanted: 40 })
  const steps = stepsOf(here, all.slice(0, 4))
  assert.deepEqual(
    steps.map(({ name }) => name),
    ['Recorded', 'Replay', 'Shadow', 'Canary 10 %', 'Canary 50 %', 'Waits for approval', 'Bake time', 'Live'],
  )
  assert.equal(states(steps), 'ddddnaaa')
  assert.equal(steps[4]?.words, '12 of 40 requests')
  assert.equal(steps[6]?.words, '100 requests')
  assert.equal(whereItIs(here), 'Canary 50 %: 12 of 40 requests.')
})

test('a promoted version has every step behind it', () => {
  assert.equal(states(stepsOf(position('done', { end: 'promoted', endedAt: '2026-01-01T00:00:00Z' }), all)), 'dddddddd')
})

test('a rollout that ended early stops in the last step that it entered', () => {
  const ended = (end: NonNullable<Position['end']>) => position('done', { end, endedAt: '2026-01-01T00:00:00Z' })
  assert.equal(states(stepsOf(ended('rolled-back'), all.slice(0, 2))), 'ddsaaaaa')
  assert.equal(states(stepsOf(ended('failed-gates'), all.slice(0, 1))), 'dsaaaaaa')
  assert.equal(states(stepsOf(ended('rejected'), all.slice(0, 5))), 'dddddsaa')
  assert.equal(states(stepsOf(ended('withdrawn'), [])), 'saaaaaaa')
  assert.equal(whereItIs(ended('withdrawn')), '')
})

test('a step that traffic had no time for was skipped, not done', () => {
  const past = entered('replay', 'shadow', 'approval')
  assert.equal(states(stepsOf(position('approval'), past)), 'ddd--naa')
  const promoted = position('done', { end: 'promoted', endedAt: '2026-01-01T00:00:00Z' })
  assert.equal(states(stepsOf(promoted, [...past, ...entered('bake')])), 'ddd--ddd')
})

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
