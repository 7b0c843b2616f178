import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { WorkflowHandle } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkerOptions } from '@temporalio/worker'
import { brokenStories } from '../../workers/relay/broken-stories.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

// Temporal marks a workflow after five failures in a row; a server of its own does it after two, so that nobody waits for a minute.
const temporal = useTemporal([
  '--dynamic-config-value',
  'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2',
])

/** What an activity never returns; whoever uses it has a bug. */
const nonsense = () => Promise.resolve(undefined)
const nothing = () => Promise.resolve()

interface Played {
  readonly type: string
  readonly args: readonly unknown[]
  readonly activities: NonNullable<WorkerOptions['activities']>
}

interface Playing extends Played {
  readonly queue: string
  readonly bundle?: WorkerOptions['workflowBundle']
}

const working = (
  { queue, activities, bundle = workflowBundle }: Pick<Playing, 'queue' | 'activities' | 'bundle'>,
  during: () => Promise<unknown>,
) =>
  Worker.create({
    connection: temporal.environment().nativeConnection,
    namespace: temporal.environment().namespace ?? 'default',
    taskQueue: queue,
    workflowBundle: bundle,
    maxCachedWorkflows: 0,
    activities,
  }).then((worker) => worker.runUntil(during))

const start = ({ type, args, queue }: Pick<Playing, 'type' | 'args' | 'queue'>) =>
  temporal.client().workflow.start(type, { workflowId: `broken:${randomUUID()}`, taskQueue: queue, args: [...args] })

/** Waits for a failed task. @returns what it says. */
const failure = (handle: WorkflowHandle): Promise<string> =>
  eventually(
    async () => {
      const { events } = await handle.fetchHistory()
      const failed = events?.findLast(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes)
      return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined
    },
    { timeoutMs: 30_000, what: 'a workflow task that fails' },
  )

/** Plays a story that meets a bug, and looks that it neither ends nor makes something of it. */
async function meetsBug(played: Playing): Promise<void> {
  const handle = await start(played)
  await working(played, async () => {
    assert.match(await failure(handle), /undefined/, played.type)
    assert.equal((await handle.describe()).status.name, 'RUNNING', played.type)
  })
  await handle.terminate()
}

const message = { messageId: randomUUID(), bot: 'test-bot', channel: 'http', receivedAt: Date.now() }

test('a bug in answering fails the workflow task: nobody gets an apology, and the message stays open', async () => {
  const wrong = () => assert.fail('nothing is said, and nothing is closed')
  const activities = { prepareMessage: nonsense, replyToMessage: wrong, closeMessage: wrong }
  for (const type of ['answerMessage', 'matchPeople'])
    await meetsBug({ type, queue: 'conversations-http', args: [message], activities })
})

test('a bug in a retrain fails the workflow task: its row is not closed', async () => {
  const closeRetrain = () => assert.fail('the retrain goes on when the bug is gone')
  const activities = { openRetrain: nothing, freezeDataset: nonsense, closeRetrain }
  await meetsBug({ type: 'retrainModel', queue: 'learning', args: [{ bot: 'test-bot', number: 1 }], activities })
})

test('a bug in a rollout fails the workflow task: the version is not taken back, also when the bug is in what runs beside', async () => {
  const rollBack = () => assert.fail('the version did nothing wrong')
  const at = (stage: string) => ({
    openRollout: () => Promise.resolve({ stage, step: 0, steps: 1 }),
    enterStage: nothing,
    tellRollout: nothing,
    showCard: nothing,
    watchRollout: nonsense,
    rollBack,
  })
  const written = { evidenceId: randomUUID(), verdict: 'pass', expiresAt: Date.now() + 60_000 }
  const args = [{ bot: 'test-bot', version: 2, demo: false }]
  const played = { type: 'rollOutVersion', queue: 'learning', args }
  await meetsBug({ ...played, activities: at('shadow') })
  await meetsBug({ ...played, activities: { ...at('approval'), writeEvidence: () => Promise.resolve(written) } })
})

test('operators are told which workflows fail, and the message is answered when the fix is deployed', async () => {
  const workflowsPath = fileURLToPath(new URL('../guards/fixtures/broken-workflow.ts', import.meta.url))
  const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  const activities = {
    prepareMessage: () => Promise.resolve({ kind: 'refused', refusal: 'no-picture' }),
    replyToMessage: () => Promise.resolve({ kind: 'sent', replyId: 'r1', outcome: 'refused' }),
  }
  const played = { type: 'answerMessage', queue: 'conversations-http', args: [message] }
  const handle = await start(played)
  const isBroken = async (wanted: boolean) => {
    const found = await brokenStories(temporal.client())
    return found.some(({ type }) => type === 'answerMessage') === wanted ? found : undefined
  }
  await working({ queue: played.queue, activities, bundle }, async () => {
    const found = await eventually(() => isBroken(true), { timeoutMs: 60_000, what: 'a workflow with problems' })
    assert.deepEqual(found, [{ type: 'answerMessage', count: 1 }])
  })
  await working({ queue: played.queue, activities }, async () => {
    assert.deepEqual(await handle.result(), { outcome: 'refused', replyId: 'r1' })
    await eventually(() => isBroken(false), { timeoutMs: 30_000, what: 'no workflow with problems' })
  })
})
