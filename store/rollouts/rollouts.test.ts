import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { ModelNotReady } from '../../domain/errors.ts'
import { useDatabase } from '../../test/support/database.ts'
import { type StagedRollout, stagedRollout } from '../../test/support/staged-rollout.ts'
import { firstBrokenAuditRow } from '../audit.ts'
import { armsOf, assignUnit, canaryShare } from './assignments.ts'
import { enterStage } from './enter-stage.ts'
import { keepEvidence, latestEvidence } from './evidence.ts'
import { promoteVersion } from './promote.ts'
import { countRecordings, recordInputs, recordingsOf, sweepRecordings } from './recordings.ts'
import { closeRollout, rollBackRollout, rollBackTo } from './roll-back.ts'
import { rolloutEvents, rolloutOf } from './rollouts.ts'
import { versionsToHold } from './warm-versions.ts'
import { rolloutWindow } from './windows.ts'

const db = useDatabase()

const rollsBackTo = (order: Parameters<typeof rollBackTo>[1]) =>
  db()
    .transaction()
    .execute((trx) => rollBackTo(trx, order))

/** A rollout that waits for its approval, with evidence. */
async function waiting(promotion: 'replace' | 'join' = 'replace', waitedOut = true) {
  const scene = await stagedRollout(db(), { promotion, rollout: { maxWaitMs: waitedOut ? 0 : 1e9 } })
  const activities = scene.activities()
  await activities.openRollout({ ...scene.ref, demo: false })
  await scene.warm()
  await activities.enterStage({ ...scene.ref, stage: 'shadow', step: 0 })
  await activities.enterStage({ ...scene.ref, stage: 'canary', step: 0 })
  await activities.enterStage({ ...scene.ref, stage: 'approval', step: 0 })
  const { evidenceId } = await activities.writeEvidence(scene.ref)
  const promote = async (personId: string, evidence = evidenceId) => {
    const answer = await scene.request('promote', { personId, evidenceId: evidence })
    return promoteVersion(
      db(),
      { ...scene.ref, decisionId: answer.decisionId, evidenceId: evidence },
      { patient: false },
    )
  }
  return { ...scene, evidenceId, promote }
}

const stages = async (scene: Pick<StagedRollout, 'members'>) =>
  (await scene.members()).map(({ version, stage }) => `v${version} ${stage}`).toSorted()

test('a version goes from shadow to canary in the serving set, and only when it is warm', async () => {
  const scene = await stagedRollout(db())
  const { ref } = scene
  await scene.activities().openRollout({ ...ref, demo: false })
  await enterStage(db(), { ...ref, stage: 'shadow', step: 0 })
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 shadow'])
  await assert.rejects(enterStage(db(), { ...ref, stage: 'canary', step: 0 }), ModelNotReady)
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 shadow'])
  await scene.warm()
  await enterStage(db(), { ...ref, stage: 'canary', step: 0 })
  await enterStage(db(), { ...ref, stage: 'shadow', step: 0 })
  await enterStage(db(), { ...ref, stage: 'canary', step: 0 })
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 canary'])
  const events = await rolloutEvents(db(), ref)
  assert.deepEqual(
    events.map(({ detail }) => detail['stage']),
    ['shadow', 'canary'],
  )
})

test('nobody goes live without a decision, whatever stage is asked for', async () => {
  const scene = await waiting()
  await enterStage(db(), { ...scene.ref, stage: 'bake', step: 0 })
  assert.equal(await scene.stageOf(2), 'canary')
})

test('a rollback brings the champion back, twice as well as once, and an ended rollout enters no stage', async () => {
  const scene = await waiting()
  const back = { ...scene.ref, end: 'withdrawn', why: 'a test', actor: 'test' } as const
  assert.equal(await rollBackRollout(db(), back), true)
  assert.equal(await rollBackRollout(db(), back), false)
  assert.deepEqual(await stages(scene), ['v1 live'])
  await enterStage(db(), { ...scene.ref, stage: 'approval', step: 0 })
  assert.equal((await scene.row())?.end, 'withdrawn')
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('an approver promotes on inconclusive evidence, and the override is kept', async () => {
  const scene = await waiting()
  const personId = await scene.approver()
  assert.deepEqual(await scene.promote(personId), { kind: 'promoted' })
  assert.deepEqual(await stages(scene), ['v1 retired', 'v2 live'])
  const { rows } = await sql<{ override: boolean; state: string }>`
    select override, state from decisions where bot = ${scene.bot}`.execute(db())
  assert.deepEqual(rows, [{ override: true, state: 'applied' }])
  assert.equal((await scene.row())?.stage, 'bake')
  // The same decision again gives the same answer.
  assert.deepEqual(await scene.promote(personId), { kind: 'promoted' })
})

test('a version that joins answers beside the champion, and leaves alone when it is rolled back', async () => {
  const scene = await waiting('join')
  await scene.promote(await scene.approver())
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 live'])
  await rollBackRollout(db(), { ...scene.ref, end: 'rolled-back', why: 'a test', actor: 'rollout' })
  assert.deepEqual(await stages(scene), ['v1 live'])
})

test('two approvers at once end in one promotion and one refusal', async () => {
  const scene = await waiting()
  const people = [await scene.approver(), await scene.approver()]
  const requests = await Promise.all(
    people.map((personId) => scene.request('promote', { personId, evidenceId: scene.evidenceId })),
  )
  const answers = await Promise.all(
    requests.map(({ decisionId }) =>
      promoteVersion(db(), { ...scene.ref, decisionId, evidenceId: scene.evidenceId }, { patient: false }),
    ),
  )
  assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ['promoted', 'refused'])
})

test('a promotion is refused without the role, on data, on evidence that changed, and of a cold version', async () => {
  const scene = await waiting()
  assert.deepEqual(await scene.promote(await scene.stranger()), { kind: 'refused', reason: 'not-approver' })
  const approver = await scene.approver()
  await scene.warm([])
  assert.deepEqual(await scene.promote(approver), { kind: 'refused', reason: 'not-warm' })
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 canary'])
  await scene.warm()
  const old = await latestEvidence(db(), scene.ref)
  assert(old)
  const request = await scene.request('promote', { personId: approver, evidenceId: old.id })
  const changed = { ...old.payload, judgement: { verdict: 'no_data', why: 'a test', next: '' } } as const
  const kept = await keepEvidence(db(), changed, { goodForMs: 60_000 })
  assert.notEqual(kept.id, old.id)
  assert.deepEqual(
    await promoteVersion(
      db(),
      { ...scene.ref, decisionId: request.decisionId, evidenceId: old.id },
      { patient: false },
    ),
    { kind: 'refused', reason: 'stale' },
  )
  assert.deepEqual(await scene.promote(approver, kept.id), { kind: 'refused', reason: 'verdict' })
})

test('the same evidence is one row until it is too old, and nothing changes a row', async () => {
  const scene = await waiting()
  const evidence = await latestEvidence(db(), scene.ref)
  assert(evidence)
  const again = await keepEvidence(db(), { ...evidence.payload, fixedCount: 9 }, { goodForMs: 60_000 })
  assert.equal(again.id, evidence.id)
  await assert.rejects(sql`update evidence set verdict = 'pass' where id = ${evidence.id}`.execute(db()), /immutable/)
})

test('long after its rollout a version is rolled back to the one before, and a candidate against it ends', async () => {
  const scene = await waiting()
  await scene.promote(await scene.approver())
  await scene.activities().closeRollout({ ...scene.ref, end: 'promoted' })
  await scene.register(3, 2)
  await scene.activities().openRollout({ bot: scene.bot, version: 3, demo: false })
  await enterStage(db(), { bot: scene.bot, version: 3, stage: 'shadow', step: 0 })
  const order = { bot: scene.bot, slot: 'main', from: 2, actor: 'test' }
  assert.deepEqual(await rollsBackTo({ ...order, from: 1 }), { kind: 'refused', reason: 'v2 is live, not v1' })
  assert.deepEqual(await rollsBackTo(order), { kind: 'rolled-back', from: 2, to: 1 })
  assert.deepEqual(await stages(scene), ['v1 live'])
  assert.deepEqual(await rollsBackTo(order), { kind: 'refused', reason: 'v1 is live, not v2' })
  const again = await rollsBackTo({ ...order, to: 1 })
  assert.deepEqual(again, { kind: 'refused', reason: 'nothing else of the slot main is live' })
  assert.deepEqual(await rollsBackTo({ ...order, from: 1, to: 9 }), { kind: 'refused', reason: 'there is no v9' })
  assert.deepEqual(await stages(scene), ['v1 live'])
})

test('a rollback lets nothing on stage that was not there before', async () => {
  const scene = await waiting()
  const order = { bot: scene.bot, slot: 'main', from: 1, actor: 'test' }
  const candidate = await rollsBackTo({ ...order, to: 2 })
  assert.deepEqual(candidate, { kind: 'refused', reason: 'v2 was not let on stage by its rollout (approval)' })
  await scene.register(3, 1)
  const registered = await rollsBackTo({ ...order, to: 3 })
  assert.deepEqual(registered, { kind: 'refused', reason: 'v3 was never live: start its rollout' })
  assert.deepEqual(await stages(scene), ['v1 live', 'v2 canary'])
  assert.equal((await scene.row())?.end, undefined)
})

test('a version that was live before comes back by its number, also after it was taken back', async () => {
  const scene = await waiting()
  assert.equal((await scene.promote(await scene.approver())).kind, 'promoted')
  await scene.activities().closeRollout({ ...scene.ref, end: 'promoted' })
  const order = { bot: scene.bot, slot: 'main', actor: 'test' }
  assert.deepEqual(await rollsBackTo({ ...order, from: 2, to: 1 }), { kind: 'rolled-back', from: 2, to: 1 })
  assert.deepEqual(await rollsBackTo({ ...order, from: 1, to: 2 }), { kind: 'rolled-back', from: 1, to: 2 })
})

test('a newer candidate of a slot takes the place of the older one', async () => {
  const scene = await waiting()
  await scene.register(3, 1)
  await scene.activities().openRollout({ bot: scene.bot, version: 3, demo: false })
  assert.equal((await scene.row())?.end, 'withdrawn')
  assert.deepEqual(await stages(scene), ['v1 live'])
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
  const scene = await waiting()
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
  assert.deepEqual(await stages(scene), ['v1 retired', 'v2 live'])
})

test('the window counts errors, answers that are none, late ones and those that never came', async () => {
  const scene = await stagedRollout(db())
  await scene.activities().openRollout({ ...scene.ref, demo: false })
  await enterStage(db(), { ...scene.ref, stage: 'shadow', step: 0 })
  await scene.ask({ 2: { label: 'no-fedora', evalMs: 400 } })
  await scene.ask({ 2: { error: 'ModelNotReady' } })
  await scene.ask({ 2: { probabilities: { fedora: null, 'no-fedora': 1 } } })
  await scene.ask({ 2: { label: 'top-hat' } })
  const never = await scene.ask({ 2: { silent: true } })
  await scene.ask({ 2: { silent: true } })
  await sql`update rollouts set stage_since = now() - interval '1 hour', shadow_at = now() - interval '1 hour'
            where bot = ${scene.bot}`.execute(db())
  await sql`update recordings set recorded_at = now() - interval '1 minute' where message_id = ${never}`.execute(db())
  const rollout = await scene.row()
  assert(rollout)
  const { version, champion, seen, compared, agreed } = await rolloutWindow(db(), rollout)
  assert.equal(seen, 5)
  const { requests, errors, invalid, deadlineMisses, p95Ms } = version
  assert.deepEqual(
    { requests, errors, invalid, deadlineMisses, p95Ms },
    { requests: 5, errors: 1, invalid: 2, deadlineMisses: 1, p95Ms: 400 },
  )
  assert.equal(champion.requests, 6)
  assert.deepEqual({ compared, agreed }, { compared: 3, agreed: 1 })
})

test('a person is assigned once per step, and about as many as were meant to be', async () => {
  const scene = await waiting()
  const units = Array.from({ length: 400 }, () => randomUUID())
  for (const unit of [...units, ...units.slice(0, 50)]) await assignUnit(db(), { bot: scene.bot, unit, versions: [2] })
  const { canary, control } = await armsOf(db(), { ...scene.ref, step: 0 })
  assert.equal(canary + control, 400)
  assert.equal(canary, units.filter((unit) => canaryShare(scene.bot, 2, unit) < 0.5).length)
  assert(Math.abs(canary - 200) < 60, `${canary} of 400`)
})

test('what a rollback of a live version brings back is held too, and what was taken back is not', async () => {
  const { bot, ref, promote, approver } = await waiting()
  const held = async () => (await versionsToHold(db(), [bot])).map(({ version }) => version)
  assert.deepEqual(await held(), [1, 2])
  assert.equal((await promote(await approver())).kind, 'promoted')
  await closeRollout(db(), { ...ref, end: 'promoted' })
  assert.deepEqual(await held(), [1, 2])
  await rollsBackTo({ bot, slot: 'main', from: 2, actor: 'test' })
  assert.deepEqual(await held(), [1])
})

test('recordings are counted and taken from within a span of time, the newest first', async () => {
  const scene = await stagedRollout(db())
  const { bot } = scene
  const days = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)))
  for (const day of days) {
    const id = await scene.ask()
    await sql`update recordings set recorded_at = ${day} where message_id = ${id}`.execute(db())
  }
  const [first, second, third] = days
  const daysOf = async (within: { since?: Date | undefined; until?: Date | undefined; limit: number }) =>
    (await recordingsOf(db(), bot, within)).map(({ recordedAt }) => recordedAt.getUTCDate())
  assert.deepEqual(await daysOf({ since: first, until: third, limit: 9 }), [2, 1])
  assert.deepEqual(await daysOf({ until: second, limit: 9 }), [1])
  assert.deepEqual(await daysOf({ since: second, limit: 1 }), [3])
  assert.deepEqual(
    [await countRecordings(db(), bot, { since: second }), await countRecordings(db(), bot, { until: second })],
    [2, 1],
  )
})

test('recordings are kept once, know what people settled on, and go when their time is over', async () => {
  const scene = await stagedRollout(db())
  const messageId = await scene.ask()
  const decoy = { messageId, bot: scene.bot, channel: 'x', unit: 'u', preprocessingVersion: 'p1' } as const
  await recordInputs(db(), { ...decoy, inputs: [{ position: 0, inputSha256: 'other' }] })
  await scene.labelBlind(messageId, 'no-fedora')
  const [recording, ...more] = await recordingsOf(db(), scene.bot, { limit: 10 })
  assert.equal(more.length, 0)
  assert.equal(recording?.truth, 'no-fedora')
  assert.equal(recording.inputSha256, '0'.repeat(64))
  await sql`update recordings set expires_at = now() where bot = ${scene.bot}`.execute(db())
  assert.deepEqual(await recordingsOf(db(), scene.bot, { limit: 10 }), [])
  assert((await sweepRecordings(db())) >= 1)
})
