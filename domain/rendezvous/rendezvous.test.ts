import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Arrival, Rendezvous } from './score.ts'
import { choose, isDecided } from './rendezvous.ts'
import { answeringMembers, stages, versionOfAlias } from '../serving-set.ts'

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
const members = ['main', 'second', 'third'].map((slot, index) => ({ slot, version: index + 1, weight: index + 1 }))
const options: Rendezvous = {
  policy: 'primary-then-best',
  answering: members,
  baseline: undefined,
  calibrated: true,
  share: 0,
  deadlineHit: false,
}
const confidences = ({ score }: Arrival) => score.confidence
const someOfEach = fc
  .subarray(members, { minLength: 1 })
  .chain((subset) =>
    fc.tuple(
      ...subset.map((member) =>
        arrivalArbitrary.map((arrival) => ({ ...arrival, score: { ...arrival.score, ...member } })),
      ),
    ),
  )

test('the primary version wins when it arrived, else the most confident; every arrival stays a candidate', () => {
  fc.assert(
    fc.property(someOfEach, (arrivals) => {
      const choice = choose(arrivals, options)
      const primary = arrivals.find(({ score }) => score.slot === 'main')
      assert.equal(choice.confidence, primary?.score.confidence ?? Math.max(...arrivals.map(confidences)))
      assert.equal(choice.candidates.length, arrivals.length)
      assert.equal(choice.candidates.filter(({ used }) => used).length, 1)
      assert.equal(choice.late.length, members.length - arrivals.length)
    }),
  )
})

test('the highest confidence is chosen only when every live version is calibrated', () => {
  fc.assert(
    fc.property(someOfEach, (arrivals) => {
      const highest = choose(arrivals, { ...options, policy: 'highest-confidence' })
      assert.equal(highest.confidence, Math.max(...arrivals.map(confidences)))
      const uncalibrated = choose(arrivals, { ...options, policy: 'highest-confidence', calibrated: false })
      assert.deepEqual({ ...uncalibrated, policy: '' }, { ...choose(arrivals, options), policy: '' })
    }),
  )
})

const scored = (slot: string, version: number, cat: number, arrivedMs = version): Arrival => ({
  arrivedMs,
  score: {
    ...{ slot, version, stage: 'live', known: true, evalMs: 1 },
    label: cat >= 0.5 ? 'cat' : 'dog',
    confidence: Math.max(cat, 1 - cat),
    probabilities: { cat, dog: 1 - cat },
  },
})

test('the average is that of the probabilities, and names the version that says it most clearly', () => {
  const choice = choose([scored('main', 1, 0.4), scored('second', 2, 0.9)], { ...options, policy: 'average' })
  assert.deepEqual([choice.label, Math.round(choice.confidence * 1000), choice.slot], ['cat', 650, 'second'])
  assert.deepEqual(
    choice.candidates.map(({ used }) => used),
    [true, true],
  )
})

test('the first to answer wins, however little it is sure, and nobody is waited for', () => {
  const arrivals = [scored('second', 2, 0.55, 3), scored('main', 1, 0.99, 9)]
  assert.equal(choose(arrivals, { ...options, policy: 'first' }).slot, 'second')
  assert.equal(isDecided(arrivals.slice(0, 1), { ...options, policy: 'first' }), true)
  assert.equal(isDecided(arrivals.slice(0, 1), options), false)
})

test('by weight every conversation has its version, each as often as its weight says', () => {
  const arrivals = members.map(({ slot, version }) => scored(slot, version, 0.9))
  const counts = new Map<string, number>()
  for (let share = 0; share < 1; share += 1 / 600) {
    const { slot } = choose(arrivals, { ...options, policy: 'weighted', share })
    counts.set(slot, (counts.get(slot) ?? 0) + 1)
  }
  assert.deepEqual(
    members.map(({ slot }) => Math.round((counts.get(slot) ?? 0) / 100)),
    [1, 2, 3],
  )
  const late = choose(arrivals.slice(0, 1), { ...options, policy: 'weighted', share: 0.99 })
  assert.match(late.reason, /was late/)
})

test('when nothing that may answer arrived, the baseline does; a version that may not is never chosen', () => {
  const shadow = scored('shadow', 9, 0.99)
  assert.throws(() => choose([shadow], options), { code: 'NoScore' })
  const baseline = { slot: 'old', version: 7 }
  assert.equal(choose([shadow, scored('old', 7, 0.6)], { ...options, baseline }).slot, 'old')
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
