import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rolloutWorkflowId } from '../../domain/keys.ts'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { useTemporal } from '../../test/support/workflow-environment.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { ensureRollouts } from './ensure-rollouts.ts'

const temporal = useTemporal()
const db = useDatabase()

test('a rollout that Temporal does not know, or that was terminated, has its workflow again; one that is over has none', async () => {
  const [open, gone] = [await rolloutScene(db()), await rolloutScene(db())]
  const over = await rolloutScene(db(), { ended: true })
  const client = temporal.client()
  const ensure = () => ensureRollouts({ db: db(), stories: openStories(client), knows: (bot) => bot !== gone.name })
  const handle = client.workflow.getHandle(rolloutWorkflowId(open.name, 2))
  await ensure()
  const first = await handle.describe()
  assert.deepEqual([first.status.name, first.type, first.taskQueue], ['RUNNING', 'rollOutVersion', 'learning'])
  await ensure()
  assert.equal((await handle.describe()).runId, first.runId)
  await handle.terminate('by hand')
  await ensure()
  const second = await handle.describe()
  assert.deepEqual([second.status.name, second.runId === first.runId], ['RUNNING', false])
  for (const { name } of [gone, over])
    await assert.rejects(client.workflow.getHandle(rolloutWorkflowId(name, 2)).describe(), {
      name: 'WorkflowNotFoundError',
    })
})

test('a rollout that waits for its turn has no row, and its workflow comes back too; the last one counts', async () => {
  const { bot, register, ref } = await stagedRollout(db())
  await register(3, 2)
  for (const version of [2, 3]) {
    await sql`insert into retrains (bot, number, reason, state) values (${bot}, ${version}, 'demo', 'succeeded')`.execute(
      db(),
    )
    await sql`insert into retrain_slots (bot, number, slot, dataset_files, version)
              values (${bot}, ${version}, 'main', '{}', ${version})`.execute(db())
  }
  await sql`insert into rollouts (bot, version, slot, champion, mode, stage, numbers, ended_as, ended_at)
            values (${bot}, 2, 'main', 1, 'replace', 'done', '{}', 'promoted', now())`.execute(db())
  const client = temporal.client()
  await ensureRollouts({ db: db(), stories: openStories(client), knows: (name) => name === bot })
  const waiting = await client.workflow.getHandle(rolloutWorkflowId(bot, 3)).describe()
  assert.equal(waiting.status.name, 'RUNNING')
  await assert.rejects(client.workflow.getHandle(rolloutWorkflowId(bot, ref.version)).describe(), {
    name: 'WorkflowNotFoundError',
  })
})
