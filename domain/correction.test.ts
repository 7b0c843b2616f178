import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Answer,
  correctionDefaults,
  isSettled,
  type KnownVote,
  outcomeOf,
  standingOf,
  type Vote,
  verdictOf,
  type VoteSituation,
} from './correction.ts'
import { seededRandom } from './model/seeded-random.ts'

const rules = correctionDefaults
const says = (person: string, label?: string, reviewer = false): Vote => ({
  person,
  reviewer,
  ...(label !== undefined && { label }),
})
const standing = (...votes: Vote[]) => standingOf(votes, 'cat', rules)

test('one vote is noted, two that agree settle it', () => {
  assert.deepEqual(standing(says('a', 'dog')), { state: 'open', label: 'dog', votes: 1, needed: 2 })
  assert.deepEqual(standing(says('a', 'dog'), says('b', 'dog')), {
    state: 'accepted',
    label: 'dog',
    decidedBy: 'quorum',
    votes: 2,
    needed: 2,
  })
  assert.equal(standing(says('a', 'cat'), says('b', 'cat')).state, 'confirmed')
})

test('one reviewer settles it alone, and the last reviewer counts', () => {
  const decided = standing(says('a', 'dog'), says('r', 'cat', true), says('s', 'dog', true))
  assert.deepEqual([decided.state, decided.label, decided.decidedBy], ['accepted', 'dog', 'reviewer'])
})

test('people who contradict each other leave it to a reviewer, whatever the majority', () => {
  const split = standing(says('a', 'dog'), says('b', 'dog'), says('c', 'cat'))
  assert.deepEqual(split, { state: 'conflicted', votes: 2, needed: 2 })
})

test('a reviewer who cannot tell decides nothing; three people who cannot tell close it', () => {
  assert.equal(standing(says('r', undefined, true)).state, 'open')
  assert.equal(standing(says('a'), says('b')).state, 'open')
  assert.equal(standing(says('a'), says('b'), says('c')).state, 'undecided')
  assert.equal(standing(says('a'), says('b'), says('c'), says('d', 'dog')).state, 'open')
})

test('standings hold what they promise, for any votes', () => {
  const next = seededRandom(7)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T
  for (let round = 0; round < 2_000; round += 1) {
    const quorum = pick([1, 2, 3, 4])
    const votes = Array.from({ length: Math.floor(next() * 7) }, (_, person) =>
      says(`${person}`, pick(['cat', 'dog', 'fish', undefined]), next() < 0.1),
    )
    const one = standingOf(votes, 'cat', { ...rules, quorum })
    const named = votes.flatMap(({ label }) => label ?? [])
    const reviewed = votes.filter(({ reviewer, label }) => reviewer && label !== undefined)
    assert.equal(one.decidedBy === 'reviewer', reviewed.length > 0)
    if (one.decidedBy === 'reviewer') assert.equal(one.label, reviewed.at(-1)?.label)
    else assert.deepEqual(standingOf(votes.toReversed(), 'cat', { ...rules, quorum }), one, 'order does not matter')
    if (one.decidedBy === 'quorum') assert(new Set(named).size === 1 && named.length >= quorum)
    assert.equal(one.state === 'conflicted', reviewed.length === 0 && new Set(named).size > 1)
    if (one.state === 'confirmed') assert.equal(one.label, 'cat')
    if (one.state === 'accepted') assert.notEqual(one.label, 'cat')
    assert.equal(isSettled(one.state), one.decidedBy !== undefined || one.state === 'undecided')
    assert(one.votes <= named.length && one.needed === quorum)
  }
})

const day = 24 * 60 * 60 * 1000
const onX = (vote: Vote, knownForMs: number): KnownVote => ({ ...vote, channel: 'x', knownForMs })
const inSlack = (vote: Vote): KnownVote => ({ ...vote, channel: 'slack', knownForMs: 0 })
const answer = (overrides: Partial<Answer> = {}): Answer => ({
  label: 'cat',
  confidence: 0.99,
  wasConfirmed: false,
  ...overrides,
})
const outcome = (votes: readonly KnownVote[], about: Partial<Answer> = {}) => outcomeOf(votes, answer(about), rules)

test('strangers alone settle nothing; one of them whom we know does, and so does a reviewer who came today', () => {
  const strangers = [onX(says('a', 'dog'), 0), onX(says('b', 'dog'), day - 1)]
  const held = outcome(strangers)
  assert.deepEqual(
    [held.state, held.label, held.decidedBy, held.heldBack],
    ['quarantined', 'dog', 'quorum', 'new-here'],
  )
  assert.equal(outcome([onX(says('a', 'cat'), 0), onX(says('b', 'cat'), 0)]).state, 'quarantined', 'nor confirm it')
  assert.equal(outcome([...strangers, onX(says('c', 'dog'), day)]).state, 'accepted')
  assert.equal(outcome([...strangers, onX(says('c'), day)]).state, 'quarantined', 'who cannot tell vouches for nobody')
  assert.equal(outcome([...strangers, onX(says('r', 'dog', true), 0)]).state, 'accepted')
})

test('members of a workspace are no strangers, unless the bot says so', () => {
  const votes = [inSlack(says('a', 'dog')), inSlack(says('b', 'dog'))]
  assert.equal(outcome(votes).state, 'accepted')
  const strict = { ...rules, knownForMs: { ...rules.knownForMs, slack: day } }
  assert.equal(outcomeOf(votes, answer(), strict).state, 'quarantined')
})

test('a sure answer that was confirmed is flipped by a reviewer only', () => {
  const flip = [inSlack(says('a', 'dog')), inSlack(says('b', 'dog'))]
  const held = outcome(flip, { wasConfirmed: true })
  assert.deepEqual(held, { state: 'conflicted', votes: 2, needed: 2, heldBack: 'was-confirmed' })
  assert.equal(outcome([...flip, inSlack(says('r', 'dog', true))], { wasConfirmed: true }).state, 'accepted')
  assert.equal(outcome(flip, { wasConfirmed: true, confidence: 0.95 }).state, 'accepted', 'it was not sure')
  assert.equal(outcome(flip).state, 'accepted', 'nobody had confirmed it')
  const again = [inSlack(says('a', 'cat')), inSlack(says('b', 'cat'))]
  assert.equal(outcome(again, { wasConfirmed: true }).state, 'confirmed')
})

const situation = (overrides: Partial<VoteSituation> = {}): VoteSituation => ({
  reviewer: false,
  deleted: false,
  state: 'open',
  decidedBy: undefined,
  countedToday: 0,
  overtaken: false,
  ...overrides,
})
const verdict = (overrides: Partial<VoteSituation>) => verdictOf(situation(overrides), rules)

test('a person has five votes a day, a reviewer as many as they like', () => {
  assert.equal(verdict({ countedToday: 4 }), 'counted')
  assert.equal(verdict({ countedToday: 5 }), 'daily-limit')
  assert.equal(verdict({ countedToday: 500, reviewer: true }), 'counted')
})

test('what a reviewer decided, only a reviewer changes; what a quorum decided, anybody may contradict', () => {
  assert.equal(verdict({ state: 'accepted', decidedBy: 'reviewer' }), 'too-late')
  assert.equal(verdict({ state: 'accepted', decidedBy: 'reviewer', reviewer: true }), 'counted')
  assert.equal(verdict({ state: 'accepted', decidedBy: 'quorum' }), 'counted')
  assert.equal(verdict({ state: 'rejected' }), 'too-late')
})

test('nothing counts once the message is gone, and an older vote never takes the place of a newer one', () => {
  assert.equal(verdict({ deleted: true, reviewer: true }), 'too-late')
  assert.equal(verdict({ overtaken: true }), 'superseded')
})
