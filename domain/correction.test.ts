import assert from 'node:assert/strict'
import { test } from 'node:test'
import { correctionDefaults, isSettled, standingOf, type Vote, verdictOf, type VoteSituation } from './correction.ts'
import { seededRandom } from './seeded-random.ts'

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
