import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { useDatabase } from '../../test/support/database.ts'
import { stagesOf, waitingRollout } from '../../test/support/learning/waiting-rollout.ts'
import { enterStage } from './enter-stage.ts'
import { keepEvidence, latestEvidence } from './evidence/evidence.ts'
import { promoteVersion } from './promote.ts'
import { rollBackRollout } from './rollbacks/roll-back.ts'

const db = useDatabase()

test('nobody goes live without a decision, whatever stage is asked for', async () => {
  const scene = await waitingRollout(db())
  await enterStage(db(), { ...scene.ref, stage: 'bake', step: 0 })
  assert.equal(await scene.stageOf(2), 'canary')
})

test('an approver promotes on inconclusive evidence, and the override is kept', async () => {
  const scene = await waitingRollout(db())
  const personId = await scene.approver()
  assert.deepEqual(await scene.promote(personId), { kind: 'promoted' })
  assert.deepEqual(await stagesOf(scene), ['v1 retired', 'v2 live'])
  const { rows } = await sql<{ override: boolean; state: string }>`
    select override, state from decisions where bot = ${scene.bot}`.execute(db())
  assert.deepEqual(rows, [{ override: true, state: 'applied' }])
  assert.equal((await scene.row())?.stage, 'bake')
  // The same decision again gives the same answer.
  assert.deepEqual(await scene.promote(personId), { kind: 'promoted' })
})

test('a version that joins answers beside the champion, and leaves alone when it is rolled back', async () => {
  const scene = await waitingRollout(db(), { promotion: 'join' })
  await scene.promote(await scene.approver())
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 live'])
  await rollBackRollout(db(), { ...scene.ref, end: 'rolled-back', why: 'a test', actor: 'rollout' })
  assert.deepEqual(await stagesOf(scene), ['v1 live'])
})

test('two approvers at once end in one promotion and one refusal', async () => {
  const scene = await waitingRollout(db())
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
  const scene = await waitingRollout(db())
  assert.deepEqual(await scene.promote(await scene.stranger()), { kind: 'refused', reason: 'not-approver' })
  const approver = await scene.approver()
  await scene.warm([])
  assert.deepEqual(await scene.promote(approver), { kind: 'refused', reason: 'not-warm' })
  assert.deepEqual(await stagesOf(scene), ['v1 live', 'v2 canary'])
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
  const scene = await waitingRollout(db())
  const evidence = await latestEvidence(db(), scene.ref)
  assert(evidence)
  const again = await keepEvidence(db(), { ...evidence.payload, fixedCount: 9 }, { goodForMs: 60_000 })
  assert.equal(again.id, evidence.id)
  await assert.rejects(sql`update evidence set verdict = 'pass' where id = ${evidence.id}`.execute(db()), /immutable/)
})
