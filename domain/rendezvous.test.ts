import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Arrival, choose } from './rendezvous.ts'
import { answeringMembers, stages, versionOfAlias } from './serving-set.ts'

const arrivalArbitrary: fc.Arbitrary<Arrival> = fc.record({
  arrivedMs: fc.nat(10_000),
  score: fc.record({
    slot: fc.constantFrom('main', 'second', 'third'),
    version: fc.integer({ min: 1, max: 9 }),
    stage: fc.constantFrom(...stages),
    label: fc.constantFrom('cat', 'dog'),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    known: fc.boolean(),
    probabilities: fc.constant({}),
    evalMs: fc.nat(100),
  }),
})
const options = { policy: 'primary-then-best', primarySlot: 'main', deadlineHit: false } as const
const mayAnswer = ({ score }: Arrival) => score.stage === 'live' || score.stage === 'canary'

test('the primary version wins when it arrived, else the most confident; every arrival stays a candidate', () => {
  fc.assert(
    fc.property(fc.array(arrivalArbitrary, { minLength: 1 }), (arrivals) => {
      const answering = arrivals.filter(mayAnswer)
      fc.pre(answering.length > 0)
      const choice = choose(arrivals, options)
      const primary = answering.find(({ score }) => score.slot === 'main')
      assert.equal(
        choice.confidence,
        primary?.score.confidence ?? Math.max(...answering.map(({ score }) => score.confidence)),
      )
      assert.equal(choice.candidates.length, arrivals.length)
      assert.equal(choice.candidates.filter(({ used }) => used).length, 1)
    }),
  )
})

test('a shadow, replayed or retired version is never chosen', () => {
  fc.assert(
    fc.property(fc.array(arrivalArbitrary), (arrivals) => {
      fc.pre(!arrivals.some(mayAnswer))
      assert.throws(() => choose(arrivals, options), RangeError)
    }),
  )
})

test('aliases are read from the serving set', () => {
  const member = { slot: 'main', weight: 1, baseline: false }
  const set = {
    policy: 'primary-then-best',
    members: [
      { ...member, version: 3, stage: 'live' },
      { ...member, version: 1, stage: 'shadow', baseline: true },
    ],
  } as const
  assert.deepEqual([versionOfAlias(set, 'champion'), versionOfAlias(set, 'baseline')], [3, 1])
  assert.equal(versionOfAlias({ ...set, members: [] }, 'champion'), undefined)
  assert.deepEqual(
    answeringMembers(set).map(({ version }) => version),
    [3],
  )
})
