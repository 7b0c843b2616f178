import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolloutWorkflowId } from '../../domain/keys.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/rollout-scene.ts'
import { useTemporal } from '../../test/support/workflow-environment.ts'
import { ensureRollouts } from './ensure-rollouts.ts'

const temporal = useTemporal()
const db = useDatabase()

test('a rollout that Temporal does not know, or that was terminated, has its workflow again; one that is over has none', async () => {
  const [open, gone] = [await rolloutScene(db()), await rolloutScene(db())]
  const over = await rolloutScene(db(), { ended: true })
  const client = temporal.client()
  const ensure = () => ensureRollouts({ db: db(), client, knows: (bot) => bot !== gone.name })
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
