import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Context, heartbeat } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { RetrainOrder } from '../../activities/learning-contract.ts'
import { rolloutWorkflowId } from '../../domain/keys.ts'
import type { GateResult } from '../../domain/rollout/verdict.ts'
import { retrainModel } from '../../workflows/retrain-model.ts'
import { learningRecords, withLearningWorkers } from '../support/learning/learning-scene.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()

let bots = 0
const order = (reason: RetrainOrder['reason'] = 'person'): RetrainOrder => ({
  bot: `retrained-${(bots += 1)}`,
  number: 1,
  reason,
})

type Records = ReturnType<typeof learningRecords>

const workflowIdOf = ({ bot, number }: RetrainOrder) => `retrain:${bot}:${number}`

async function run(
  retrain: RetrainOrder,
  overrides: Partial<Records['activities']> = {},
  during: () => Promise<void> = () => Promise.resolve(),
) {
  const records = learningRecords(retrain.bot)
  const { client } = temporal.environment()
  let end: Awaited<ReturnType<typeof retrainModel>> | undefined
  await withLearningWorkers(temporal.environment(), { ...records.activities, ...overrides }, async () => {
    const options = { workflowId: workflowIdOf(retrain), taskQueue: 'learning', args: [retrain] as [RetrainOrder] }
    const handle = await client.workflow.start(retrainModel, options)
    await during()
    end = await handle.result()
  })
  return { end, records }
}

const refusal = (gate: GateResult['gate'], why: string): GateResult => ({ gate, verdict: 'fail', why })

test('each new version gets a rollout of its own, which outlives the retrain and knows whether it is a demonstration', async () => {
  const retrain = order('demo')
  const { end } = await run(retrain)
  assert.deepEqual(end, {
    state: 'succeeded',
    reason: 'version 2 learned without the corrections that were taken back',
    versions: [2],
  })
  const handle = temporal.client().workflow.getHandle(rolloutWorkflowId(retrain.bot, 2))
  const started = (await handle.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes
  const [payload] = started?.input?.payloads ?? []
  assert.deepEqual(JSON.parse(Buffer.from(payload?.data ?? '').toString()), {
    bot: retrain.bot,
    version: 2,
    demo: true,
  })
})

test('a version that a gate stops is never registered, and the reason says which gate', async () => {
  const gates = [refusal('golden', '5 of 6 golden examples right')]
  const { end, records } = await run(order(), { judgeSlot: () => Promise.resolve({ gates, passed: false }) })
  assert.deepEqual(end?.state, 'failed')
  assert.match(end.reason, /main: golden: 5 of 6 golden examples right/)
  assert(!records.steps.includes('register'))
  assert.deepEqual(
    records.ends.map(({ state }) => state),
    ['failed'],
  )
})

test('a slot that a gate stops does not stop the other one', async () => {
  const frozen = { root: 'r'.repeat(64), size: 10, added: 2, slots: ['first', 'second'] }
  const judge: Records['activities']['judgeSlot'] = ({ slot }) =>
    Promise.resolve(
      slot === 'first' ? { gates: [refusal('base-holdout', 'worse')], passed: false } : { gates: [], passed: true },
    )
  const retrain = order()
  const { end } = await run(retrain, { freezeDataset: () => Promise.resolve(frozen), judgeSlot: judge })
  assert.deepEqual(end?.versions, [2])
  assert.match(end.reason, /stopped first: base-holdout: worse/)
})

test('what ends a training for good ends the retrain with its reason, and the workflow completes', async () => {
  for (const [type, message] of [
    ['NotANumber', 'the loss became something that is no number'],
    ['DiskFull', 'the disk is full'],
  ] as const) {
    const { end, records } = await run(order(), {
      trainSlot: () => {
        throw ApplicationFailure.create({ type, message })
      },
    })
    assert.deepEqual(end, { state: 'failed', reason: message, versions: [] })
    assert.deepEqual(records.ends[0]?.reason, message)
  }
})

test('a person cancels it in the UI: the training hears of it, and the row says so', async () => {
  const retrain = order()
  let [training, heard] = [false, false]
  const trains: Records['activities']['trainSlot'] = async () => {
    training = true
    const beating = setInterval(() => heartbeat(), 50)
    return Context.current().cancelled.finally(() => {
      heard = true
      clearInterval(beating)
    })
  }
  const { end, records } = await run(retrain, { trainSlot: trains }, async () => {
    await eventually(() => Promise.resolve(training || undefined), { timeoutMs: 20_000, what: 'the training' })
    await temporal.client().workflow.getHandle(workflowIdOf(retrain)).cancel()
  })
  assert(heard)
  assert.deepEqual(end, { state: 'cancelled', reason: 'it was cancelled by a person', versions: [] })
  assert.deepEqual(
    records.ends.map(({ state }) => state),
    ['cancelled'],
  )
})
