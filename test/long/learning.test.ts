import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '@temporalio/client'
import { learnWorkflowId, retrainWorkflowId, rolloutWorkflowId } from '../../domain/keys.ts'
import { correctionsIn } from '../../store/learning/datasets/accepted-corrections.ts'
import { retrainSlots } from '../../store/learning/retrains/retrain-slots.ts'
import { type Retrain, retrainsOf } from '../../store/learning/retrains/retrains.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { scheduleId } from '../../infra/temporal/schedules.ts'
import { botsFolderWith } from '../support/bots-folder.ts'
import { eventually } from '../support/platforms/platform.ts'
import { connectClient } from '../support/namespaces.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { adminToken, correctedQuestion } from '../whole-way/operator.ts'

/* A bot learns, with its real model: corrections, the coordinator, a training that is killed, and the version that comes of it. */

const bot = 'team-router'
const questions = [
  'who looks after the sticky header of the timesheet view?',
  'the overtime column of the timesheet is empty',
  'timesheet rows lose their colour when they are copied',
  'where do I report a wrong total in the timesheet?',
]
const open: { stack?: Stack; client?: Client } = {}
const stack = () => open.stack ?? assert.fail('the stack starts before the tests')
const client = () => open.client ?? assert.fail('the client connects before the tests')
const patient = { timeoutMs: 180_000 }

before(async () => {
  const learning = { accepted: questions.length, people: 1, weeklyAccepted: 1, coolDown: '1h' }
  open.stack = await startStack({
    ownTemporal: true,
    services: ['api', 'relay+conversations', 'inference', 'learning'],
    bots: [bot],
    env: { LOCAL_ADMIN_TOKEN: adminToken, BOTS_FOLDER: await botsFolderWith({ [bot]: { learning } }) },
  })
  open.client = await connectClient(stack().temporal)
})
after(async () => {
  await open.client?.connection.close()
  await open.stack?.close()
})

const corrects = (text: string) => correctedQuestion(stack(), { bot, text, labels: ['scheduler', 'charts'] })

const ended = (number: number): Promise<Retrain> =>
  eventually(
    async () => (await retrainsOf(stack().db, bot)).find((each) => each.number === number && each.state !== 'running'),
    { ...patient, what: `the end of retrain ${number}` },
  )

test('accepted corrections become a registered version, although its training is killed in the middle', async () => {
  // The first training dies when its weights are kept, and the next one ends in the same weights.
  await stack().start('training', { KILL_AT: 'learning.weights-kept' })
  const corrected: string[] = []
  for (const text of questions) corrected.push(await corrects(text))
  await stack().ended('training')
  await stack().start('training')

  const retrain = await ended(1)
  assert.equal(retrain.state, 'succeeded', retrain.outcome)
  assert.equal(retrain.reason, 'corrections')
  assert.match(retrain.outcome ?? '', /^version 2 learned from \d new corrections$/)
  const { db } = stack()
  const [first, second] = await versionsOf(db, bot)
  assert.deepEqual([second?.version, second?.parent, second?.lineage?.retrain], [2, 1, 1])
  assert.notEqual(second?.weightsSha256, first?.weightsSha256)
  assert.notEqual(second?.datasetRoot, first?.datasetRoot)
  assert.deepEqual([...(await correctionsIn(db, second?.datasetRoot ?? '')).keys()].toSorted(), corrected.toSorted())
  const [slot] = await retrainSlots(db, { bot, number: 1 })
  assert(slot)
  assert.equal(slot.gates?.length, 7)
  assert(slot.gates.every(({ verdict }) => verdict !== 'fail'))
})

test('the same workflows tell of it: the coordinator waits, the retrain has completed, the rollout has begun', async () => {
  const retrain = client().workflow.getHandle(retrainWorkflowId(bot, 1))
  // Our records are written by its last steps, a moment before its own end.
  await retrain.result()
  assert.equal((await retrain.describe()).status.name, 'COMPLETED')
  await eventually(
    async () => {
      const query = client().workflow.getHandle(learnWorkflowId(bot)).query('__temporal_workflow_metadata')
      const told = await query.then(JSON.stringify, () => '')
      return told.includes('nothing new to learn from') || undefined
    },
    { ...patient, what: 'a coordinator that waits' },
  )
  assert((await client().workflow.getHandle(rolloutWorkflowId(bot, 2)).describe()).startTime)
  const { state, spec, info } = await client().schedule.getHandle(scheduleId(bot)).describe()
  assert.equal(state.paused, false)
  assert.equal(spec.timezone, 'UTC')
  assert.equal(info.nextActionTimes[0]?.getUTCDay(), 1)
})

test('when Temporal has lost everything, the coordinator comes back, and a person can still have a retrain', async () => {
  await stack().stopTemporal()
  await stack().startTemporal({ keepFile: false })
  await corrects('the timesheet prints an empty page')
  const click = { key: 'a click', reason: 'person' } as const
  const asks = () =>
    openStories(client())
      .tellCoordinator({ bot, kind: 'request', request: click })
      .then(
        () => true,
        () => undefined,
      )
  await eventually(asks, { ...patient, what: 'a coordinator that can be told' })
  const retrain = await ended(2)
  assert.equal(retrain.state, 'succeeded', retrain.outcome)
  assert.equal(retrain.reason, 'person')
})
