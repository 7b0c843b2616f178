import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learningDefaults } from './numbers.ts'
import type { LearningStatus } from './status.ts'
import { fairBatch, whyRetrain } from './triggers.ts'

const monday = Date.UTC(2026, 10, 23, 6)
const status = (change: Partial<LearningStatus> = {}): LearningStatus => ({
  bot: 'fedora-finder',
  accepted: 20,
  usable: 20,
  changes: 20,
  usableChanges: 20,
  wanted: 20,
  people: 3,
  peopleWanted: 3,
  largestShare: 0.4,
  reviewersBatch: false,
  nextNumber: 1,
  ...change,
})
/** No version has anything to learn. */
const nothing: Partial<LearningStatus> = { accepted: 0, usable: 0 }
const options = { now: monday - 1000, numbers: learningDefaults }
const why = (change: Partial<LearningStatus>, request?: Parameters<typeof whyRetrain>[1]) =>
  whyRetrain(status(change), request, options)

test('twenty corrections of three people are a reason to learn', () => {
  assert.deepEqual(why({}), { reason: 'corrections' })
})

test('seven of twenty are told with the next check', () => {
  assert.deepEqual(why({ accepted: 7, usable: 7, nextCheckAt: monday }), {
    wait: '7 of 20 corrections, next check Monday 06:00 UTC',
  })
})

test('too few people wait, unless reviewers made the whole batch', () => {
  assert.deepEqual(why({ people: 2 }), { wait: '20 of 20 corrections from 2 of 3 people' })
  assert.deepEqual(why({ people: 1, reviewersBatch: true }), { reason: 'corrections' })
})

test('one retrain at a time, and a pause after each', () => {
  assert.deepEqual(why({ running: 4 }, 'person'), { wait: 'retrain 4 is running' })
  assert.match(JSON.stringify(why({ coolDownUntil: monday })), /waits until Monday 06:00 UTC/)
  assert.deepEqual(why({ coolDownUntil: monday - 2000 }), { reason: 'corrections' })
})

test('a Schedule needs five, a person one, and neither learns from nothing', () => {
  assert.deepEqual(why({ accepted: 5, usable: 5 }, 'schedule'), { reason: 'schedule' })
  assert.ok('wait' in why({ accepted: 4, usable: 4 }, 'schedule'))
  assert.deepEqual(why({ accepted: 1, usable: 1, coolDownUntil: monday }, 'person'), { reason: 'person' })
  assert.ok('wait' in why({ ...nothing, changes: 0, usableChanges: 0 }, 'person'))
  assert.ok('wait' in why({ ...nothing, changes: 0, usableChanges: 0 }, 'demo'))
})

test('a person and a demonstration learn what a version that never went live has learned, and no trigger does', () => {
  assert.deepEqual(why({ ...nothing, changes: 1, usableChanges: 1 }, 'person'), { reason: 'person' })
  assert.deepEqual(why({ ...nothing, changes: 1, usableChanges: 0 }, 'demo'), { reason: 'demo' })
  assert.match(JSON.stringify(why({ ...nothing, changes: 1, usableChanges: 0 }, 'person')), /too few people/)
  assert.match(JSON.stringify(why(nothing, 'schedule')), /nothing new/)
})

test('corrections and a Schedule wait for the end of a rollout, and a person does not', () => {
  const wait = { wait: '20 of 20 corrections; version 2 is on its way' }
  assert.deepEqual(why({ onItsWay: 2 }), wait)
  assert.deepEqual(why({ onItsWay: 2 }, 'schedule'), wait)
  assert.deepEqual(why({ onItsWay: 2 }, 'person'), { reason: 'person' })
  assert.deepEqual(why({ onItsWay: 2 }, 'demo'), { reason: 'demo' })
})

test('a demonstration learns from one correction of one person', () => {
  assert.deepEqual(why({ accepted: 1, usable: 0, changes: 1, usableChanges: 0, people: 1 }, 'demo'), { reason: 'demo' })
})

const items = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([person, count]) =>
    Array.from({ length: count }, (_, at) => ({ id: `${person}${at}`, person, reviewer: person === 'reviewer' })),
  )
const perPerson = (counts: Readonly<Record<string, number>>) => {
  const batch = fairBatch(items(counts), learningDefaults)
  return Object.fromEntries(
    Object.keys(counts).map((name) => [name, batch.filter(({ person }) => person === name).length]),
  )
}

test('no person has more than 40 % of a batch; the earliest of theirs are taken', () => {
  assert.deepEqual(perPerson({ ada: 4, ben: 3, cleo: 3 }), { ada: 4, ben: 3, cleo: 3 })
  assert.deepEqual(perPerson({ ada: 100, ben: 3, cleo: 3 }), { ada: 4, ben: 3, cleo: 3 })
  assert.deepEqual(
    fairBatch(items({ ada: 100, ben: 3, cleo: 3 }), learningDefaults)
      .slice(0, 4)
      .map(({ id }) => id),
    ['ada0', 'ada1', 'ada2', 'ada3'],
  )
})

test('one or two people make no batch, and a reviewer does', () => {
  assert.deepEqual(perPerson({ ada: 10 }), { ada: 0 })
  assert.deepEqual(perPerson({ ada: 10, ben: 10 }), { ada: 0, ben: 0 })
  assert.deepEqual(perPerson({ reviewer: 10, ada: 100 }), { reviewer: 10, ada: 6 })
})
