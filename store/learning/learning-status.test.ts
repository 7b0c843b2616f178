import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolloutDefaults } from '../../domain/learning/numbers.ts'
import { testBot } from '../../test/support/bots.ts'
import { bot, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { corrected, firstVersion, goLive, learnAll, say } from '../../test/support/learning/learned-corrections.ts'
import { contributionsTo } from '../rollouts/evidence/contributors.ts'
import { insertRollout, endRollout } from '../rollouts/rollouts.ts'
import { additionsTo } from './datasets/frozen-datasets.ts'
import { learningStatusOf } from './learning-status.ts'
import { reviewCorrection } from '../corrections/review-correction.ts'

const db = useDatabase()
const known: { ref?: Awaited<ReturnType<typeof corrected>>['ref']; reviewer?: string } = {}
const ref = () => known.ref ?? assert.fail('the first test corrects an answer')

async function counts() {
  const { accepted, changes, usableChanges } = await learningStatusOf(db(), bot, testBot().learning)
  return { accepted, changes, usableChanges }
}

test('what a version has learned that is not live is nothing new, and a person may still ask for it', async () => {
  await firstVersion(db())
  known.reviewer = await withRole(db(), 'REVIEWER', 'reviewer')
  known.ref = (await corrected(db(), ['REVIEWER'])).ref
  assert.deepEqual(await counts(), { accepted: 1, changes: 1, usableChanges: 1 })
  assert.equal(await learnAll(db(), 1), 2)
  assert.deepEqual(await counts(), { accepted: 0, changes: 1, usableChanges: 1 })
  await goLive(db(), 2)
  assert.deepEqual(await counts(), { accepted: 0, changes: 0, usableChanges: 0 })
  // A guard takes the version back.
  await goLive(db(), 1)
  assert.deepEqual(await counts(), { accepted: 0, changes: 1, usableChanges: 1 })
  await goLive(db(), 2)
})

test('a correction that is live and settled otherwise is new', async () => {
  await say(db(), ref(), { people: ['REVIEWER'], label: 'other-hat' })
  assert.deepEqual(await counts(), { accepted: 1, changes: 1, usableChanges: 1 })
  await say(db(), ref(), { people: ['REVIEWER'], label: 'no-fedora' })
  assert.deepEqual(await counts(), { accepted: 0, changes: 0, usableChanges: 0 })
})

test('who settled a live correction otherwise has contributed to the version that learns it', async () => {
  await say(db(), ref(), { people: ['REVIEWER'], label: 'other-hat' })
  const version = await learnAll(db(), 2, { version: 2, root: 'dataset-1' })
  assert.deepEqual(await additionsTo(db(), 'dataset-2'), { corrections: 1, people: 1 })
  const { corrections, people } = await contributionsTo(db(), { bot, version })
  assert.deepEqual({ corrections, people }, { corrections: 1, people: 1 })
  await say(db(), ref(), { people: ['REVIEWER'], label: 'no-fedora' })
})

test('a correction that is live and revoked is a reason for a person, and no trigger', async () => {
  const { kind } = await reviewCorrection(db(), { ...ref(), decision: 'revoke', personId: known.reviewer ?? '' })
  assert.equal(kind, 'reviewed')
  assert.deepEqual(await counts(), { accepted: 0, changes: 1, usableChanges: 1 })
})

test('corrections of one person alone are changes that no batch may make', async () => {
  await corrected(db(), ['U1', 'U2'])
  assert.deepEqual(await counts(), { accepted: 1, changes: 2, usableChanges: 1 })
})

test('a rollout is on its way until it has ended', async () => {
  const onItsWay = async () => (await learningStatusOf(db(), bot, testBot().learning)).onItsWay
  assert.equal(await onItsWay(), undefined)
  const rollout = { bot, version: 2, slot: 'main', champion: 1, numbers: rolloutDefaults, mode: 'replace' } as const
  await db()
    .transaction()
    .execute((trx) => insertRollout(trx, rollout))
  assert.equal(await onItsWay(), 2)
  await db()
    .transaction()
    .execute((trx) => endRollout(trx, { bot, version: 2, end: 'expired', reason: undefined }))
  assert.equal(await onItsWay(), undefined)
})
