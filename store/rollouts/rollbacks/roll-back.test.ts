import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useDatabase } from '../../../test/support/database.ts'
import { stagesOf, waitingRollout } from '../../../test/support/learning/waiting-rollout.ts'
import { firstBrokenAuditRow } from '../../audit.ts'
import { enterStage } from '../enter-stage.ts'
import { closeRollout, rollBackRollout, rollBackTo } from './roll-back.ts'
import { versionsToHold } from '../warm-versions.ts'

const db = useDatabase()

const rollsBackTo = (order: Parameters<typeof rollBackTo>[1]) =>
  db()
    .transaction()
    .execute((trx) => rollBackTo(trx, order))

test('a rollback brings the champion back, twice as well as once, and an ended rollout enters no stage', async () => {
  const scene = await waitingRollout(db())
  const back = { ...scene.ref, end: 'withdrawn', why: 'a test', actor: 'test' } as const
  assert.equal(await rollBackRollout(db(), back), true)
  assert.equal(await rollBackRollout(db(), back), false)
  assert.deepEqual(await stagesOf(scene), ['v1 live'])
  await enterStage(db(), { ...scene.ref, stage: 'approval', step: 0 })
  assert.equal((await scene.row())?.end, 'withdrawn')
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('long after its rollout a version is rolled back to the one before, and a candidate against it ends', async () => {
  const scene = await waitingRollout(db())
  await scene.promote(await scene.approver())
  await scene.activities().closeRollout({ ...scene.ref, end: 'promoted' })
  await scene.register(3, 2)
  await scene.activities().openRollout({ bot: scene.bot, version: 3, demo: false })
  await enterStage(db(), { bot: scene.bot, version: 3, stage: 'shadow', step: 0 })
  const order = { bot: scene.bot, slot: 'main', from: 2, actor: 'test' }
  assert.deepEqual(await rollsBackTo({ ...order, from: 1 }), { kind: 'refused', reason: 'v2 is live, not v1' })
  assert.deepEqual(await rollsBackTo(order), { kind: 'rolled-back', from: 2, to: 1 })
  assert.deepEqual(await stagesOf(scene), ['v1 live'])
  assert.deepEqual(await rollsBackTo(order), { kind: 'refused', reason: 'v1 is live, not v2' })
  const again = await rollsBackTo({ ...order, to: 1 })
  assert.deepEqual(again, { kind: 'refused', reason: 'nothing else of the slot main is live' })
  assert.deepEqual(await rollsBackTo({ ...order, from: 1, to: 9 }), { kind: 'refused', reason: 'there is no v9' })
  assert.deepEqual(await stagesOf(scene), ['v1 live'])
})

test('a rollback lets nothing on stage that was not there before', async () => {
  const scene = await waitingRollout(db())
  const order = { bot: scene.bot, slot: 'main', from: 1, actor: 'test' }
  const candidate = await rollsBackTo({ ...order, to: 2 })
  assert.deepEqual(candidate, { kind: 'refused', reason: 'v2 was not let on stage by its rollout (approval)' })
  await scene.register(3, 1)
  const registered = await rollsBackTo({ ...order, to: 3 })
  assert.deepEqual(registered, { kind: 'refused', reason: 'v3 was never live: start its rollout' })
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 canary'])
  assert.equal((await scene.row())?.end, undefined)
})

test('a version that was live before comes back by its number, also after it was taken back', async () => {
  const scene = await waitingRollout(db())
  assert.equal((await scene.promote(await scene.approver())).kind, 'promoted')
  await scene.activities().closeRollout({ ...scene.ref, end: 'promoted' })
  const order = { bot: scene.bot, slot: 'main', actor: 'test' }
  assert.deepEqual(await rollsBackTo({ ...order, from: 2, to: 1 }), { kind: 'rolled-back', from: 2, to: 1 })
  assert.deepEqual(await rollsBackTo({ ...order, from: 1, to: 2 }), { kind: 'rolled-back', from: 1, to: 2 })
})

test('what a rollback of a live version brings back is held too, and what was taken back is not', async () => {
  const { bot, ref, promote, approver } = await waitingRollout(db())
  const held = async () => (await versionsToHold(db(), [bot])).map(({ version }) => version)
  assert.deepEqual(await held(), [1, 2])
  assert.equal((await promote(await approver())).kind, 'promoted')
  await closeRollout(db(), { ...ref, end: 'promoted' })
  assert.deepEqual(await held(), [1, 2])
  await rollsBackTo({ bot, slot: 'main', from: 2, actor: 'test' })
  assert.deepEqual(await held(), [1])
})
