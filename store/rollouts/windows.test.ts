import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/staged-rollout.ts'
import { enterStage } from './enter-stage.ts'
import { rolloutWindow } from './windows.ts'

const db = useDatabase()

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
