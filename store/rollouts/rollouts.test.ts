import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { ModelNotReady } from '../../domain/errors.ts'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { stagesOf, waitingRollout } from '../../test/support/learning/waiting-rollout.ts'
import { armsOf, assignUnit, canaryShare } from './assignments.ts'
import { enterStage } from './enter-stage.ts'
import { closeRollout } from './rollbacks/roll-back.ts'
import { rolloutEvents, rolloutOf } from './rollouts.ts'

const db = useDatabase()

test('a version goes from shadow to canary in the serving set, and only when it is warm', async () => {
  const scene = await stagedRollout(db())
  const { ref } = scene
  await scene.activities().openRollout({ ...ref, demo: false })
  await enterStage(db(), { ...ref, stage: 'shadow', step: 0 })
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 shadow'])
  await assert.rejects(enterStage(db(), { ...ref, stage: 'canary', step: 0 }), ModelNotReady)
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 shadow'])
  await scene.warm()
  await enterStage(db(), { ...ref, stage: 'canary', step: 0 })
  await enterStage(db(), { ...ref, stage: 'shadow', step: 0 })
  await enterStage(db(), { ...ref, stage: 'canary', step: 0 })
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 canary'])
  const events = await rolloutEvents(db(), ref)
  assert.deepEqual(
    events.map(({ detail }) => detail['stage']),
    ['shadow', 'canary'],
  )
})

test('a newer candidate of a slot takes the place of the older one', async () => {
  const scene = await waitingRollout(db())
  await scene.register(3, 1)
  await scene.activities().openRollout({ bot: scene.bot, version: 3, demo: false })
  assert.equal((await scene.row())?.end, 'withdrawn')
  assert.deepEqual(await stagesOf(scene), ['v1 live'])
})

test('an older candidate that comes later does not take the newer one’s place', async () => {
  const scene = await stagedRollout(db())
  await scene.register(3, 1)
  const activities = scene.activities()
  await activities.openRollout({ bot: scene.bot, version: 3, demo: false })
  assert.equal((await activities.openRollout({ ...scene.ref, demo: false })).end, 'withdrawn')
  assert.match((await scene.row())?.reason ?? '', /^v3 is newer/)
  assert.equal((await rolloutOf(db(), { bot: scene.bot, version: 3 }))?.end, undefined)
})

test('a rollout that is cancelled while it waits for its turn never begins', async () => {
  const scene = await waitingRollout(db())
  const third = { bot: scene.bot, version: 3 }
  await scene.register(3, 2)
  assert.equal((await scene.promote(await scene.approver())).kind, 'promoted')
  const activities = scene.activities()
  await assert.rejects(activities.openRollout({ ...third, demo: false }), { code: 'ServiceUnavailable' })
  for (let twice = 0; twice < 2; twice += 1)
    await activities.rollBack({ ...third, end: 'withdrawn', why: 'an operator cancelled it' })
  await closeRollout(db(), { ...scene.ref, end: 'promoted' })
  assert.deepEqual(await activities.openRollout({ ...third, demo: false }), {
    stage: 'done',
    step: 0,
    steps: 2,
    end: 'withdrawn',
  })
  assert.deepEqual(
    (await rolloutEvents(db(), third)).map(({ kind }) => kind),
    ['ended'],
  )
  assert.deepEqual(await stagesOf(scene), ['v1 retired', 'v2 live'])
})

test('a person is assigned once per step, and about as many as were meant to be', async () => {
  const scene = await waitingRollout(db())
  const units = Array.from({ length: 400 }, () => randomUUID())
  for (const unit of [...units, ...units.slice(0, 50)]) await assignUnit(db(), { bot: scene.bot, unit, versions: [2] })
  const { canary, control } = await armsOf(db(), { ...scene.ref, step: 0 })
  assert.equal(canary + control, 400)
  assert.equal(canary, units.filter((unit) => canaryShare(scene.bot, 2, unit) < 0.5).length)
  assert(Math.abs(canary - 200) < 60, `${canary} of 400`)
})
