import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Context, heartbeat } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { retrainWorkflowId } from '../../domain/keys.ts'
import { learningQuery } from '../../workflows/messages.ts'
import { requestRetrain } from '../../workflows/request-retrain.ts'
import { coordinatorOf, learningRecords, withLearningWorkers } from '../support/learning/learning-scene.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

// A new run is suggested early, so that a test need not wait for thousands of events.
const temporal = useTemporal(['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'])

let bots = 0
const newBot = () => `learner-${(bots += 1)}`
const enough = { accepted: 20, usable: 20, people: 3 }

type Records = ReturnType<typeof learningRecords>

function scene(facts: Parameters<typeof learningRecords>[1] = {}) {
  const bot = newBot()
  const records = learningRecords(bot, facts)
  const ended = (count: number) =>
    eventually(() => Promise.resolve(records.ends.length >= count || undefined), {
      timeoutMs: 90_000,
      what: `${count} ended retrains`,
    })
  const shows = (words: RegExp) =>
    eventually(async () => words.test(await coordinator.details().catch(() => '')) || undefined, {
      timeoutMs: 90_000,
      what: `details that say ${words.source}`,
    })
  const coordinator = coordinatorOf(temporal.environment(), bot)
  const run = (during: () => Promise<void>, overrides: Partial<Records['activities']> = {}) =>
    withLearningWorkers(temporal.environment(), { ...records.activities, ...overrides }, during)
  return { bot, records, coordinator, ended, shows, run }
}

test('while there is too little to learn from it waits, and says how much is there and when it is asked next', async () => {
  const s = scene({ accepted: 7, usable: 7, people: 3, nextCheckAt: Date.UTC(2026, 0, 5, 6) })
  await s.run(async () => {
    await s.coordinator.isTold()
    await s.shows(/7 of 20 corrections, next check Monday 06:00 UTC/)
    assert.equal((await s.coordinator.handle.query(learningQuery))?.accepted, 7)
  })
  assert.deepEqual(s.records.steps, [])
})

test('enough corrections start one retrain, which goes through all its steps', async () => {
  const s = scene()
  await s.run(async () => {
    await s.coordinator.isTold()
    await s.shows(/0 of 20/)
    s.records.change(enough)
    await s.coordinator.isTold()
    await s.ended(1)
    await s.shows(/nothing new to learn from/)
  })
  assert.deepEqual(s.records.steps, [
    'open corrections',
    'freeze',
    'train main',
    'judge main',
    'register',
    'close 1 (corrections) succeeded',
  ])
})

test('one wish that arrives twice is one retrain, and a wish that arrives meanwhile waits for its end', async () => {
  const s = scene({ accepted: 2, usable: 2 })
  let meanwhile: Promise<void> | undefined
  const asksAgain = async (slot: Parameters<typeof s.records.activities.trainSlot>[0]) => {
    meanwhile ??= s.coordinator.isAsked('demo')
    await meanwhile
    return s.records.activities.trainSlot(slot)
  }
  const more: typeof s.records.activities.closeRetrain = async (end) => {
    await s.records.activities.closeRetrain(end)
    if (end.number === 1) s.records.change({ accepted: 1 })
  }
  await s.run(
    async () => {
      await s.coordinator.isAsked('person', 'one click')
      await s.coordinator.isAsked('person', 'one click')
      await s.ended(2)
      await s.shows(/nothing new/)
    },
    { trainSlot: asksAgain, closeRetrain: more },
  )
  assert.deepEqual(
    s.records.steps.filter((step) => /open|close/.test(step)),
    ['open person', 'close 1 (person) succeeded', 'open demo', 'close 2 (demo) succeeded'],
  )
})

test('a Schedule asks through requestRetrain, and its wish waits for the end of the cool-down', async () => {
  const s = scene({ accepted: 5, usable: 5, people: 3, coolDownUntil: Date.now() + 3_600_000 })
  const asked: unknown[] = []
  const tell: Records['activities']['tellCoordinator'] = async (message) => {
    asked.push(message)
    if (message.kind === 'request') await s.coordinator.isAsked('schedule', message.request.key)
  }
  await s.run(
    async () => {
      const options = { taskQueue: 'learning', workflowId: `request-${s.bot}`, args: [{ bot: s.bot }] as const }
      await temporal.client().workflow.execute(requestRetrain, { ...options, args: [{ bot: s.bot }] })
      await s.shows(/waits until/)
      assert.deepEqual(s.records.steps, [])
      s.records.change({ coolDownUntil: Date.now() })
      await s.coordinator.isTold()
      await s.ended(1)
    },
    { tellCoordinator: tell },
  )
  assert.deepEqual(asked, [{ bot: s.bot, kind: 'request', request: { key: `request-${s.bot}`, reason: 'schedule' } }])
  assert.equal(s.records.steps[0], 'open schedule')
})

test('a retrain that fails leaves its reason, and the next wish is free', async () => {
  const s = scene({ accepted: 3, usable: 3 })
  let attempts = 0
  const oneClass: Records['activities']['freezeDataset'] = (ref) => {
    attempts += 1
    if (attempts > 1) return s.records.activities.freezeDataset(ref)
    throw ApplicationFailure.create({ type: 'InvalidDataset', message: 'one class is left', nonRetryable: true })
  }
  await s.run(
    async () => {
      await s.coordinator.isAsked('person')
      await s.ended(1)
      await s.coordinator.isAsked('person')
      await s.ended(2)
    },
    { freezeDataset: oneClass },
  )
  assert.deepEqual(
    s.records.ends.map(({ state, reason }) => [state, reason]),
    [
      ['failed', 'one class is left'],
      ['succeeded', 'version 3 learned from 3 new corrections'],
    ],
  )
})

test('the row of a retrain that was terminated is closed, so that the next one can start', async () => {
  const s = scene({ accepted: 3, usable: 3 })
  let training = false
  const forEver: Records['activities']['trainSlot'] = async () => {
    training = true
    const beating = setInterval(() => heartbeat(), 50)
    return Context.current().cancelled.finally(() => clearInterval(beating))
  }
  await s.run(
    async () => {
      await s.coordinator.isAsked('person')
      await eventually(() => Promise.resolve(training || undefined), { timeoutMs: 20_000, what: 'the training' })
      await temporal.client().workflow.getHandle(retrainWorkflowId(s.bot, 1)).terminate('by hand')
      await s.ended(1)
    },
    { trainSlot: forEver },
  )
  assert.deepEqual(s.records.ends, [
    { bot: s.bot, number: 1, state: 'failed', reason: 'its workflow was ended from outside' },
  ])
})

test('a retrain that runs according to the records, and that Temporal has forgotten, is run to its end', async () => {
  const s = scene({ running: 4, runningReason: 'schedule', nextNumber: 5 })
  await s.run(async () => {
    await s.coordinator.isTold()
    await s.ended(1)
  })
  assert.deepEqual(s.records.ends[0]?.number, 4)
})

test('after many messages it goes on in a new run, with the keys that it has seen', async () => {
  const s = scene({ accepted: 1 })
  await s.run(async () => {
    await s.coordinator.isAsked('schedule', 'seen before')
    await s.shows(/too few people/)
    const first = (await s.coordinator.handle.describe()).runId
    await eventually(
      async () => {
        await s.coordinator.isTold()
        return (await s.coordinator.handle.describe()).runId !== first || undefined
      },
      { timeoutMs: 60_000, what: 'a new run' },
    )
    s.records.change({ accepted: 6, usable: 6, people: 3 })
    await s.coordinator.isAsked('schedule', 'seen before')
    await s.coordinator.isTold()
    await s.shows(/6 of 20 corrections/)
    assert.deepEqual(s.records.steps, [])
    await s.coordinator.isAsked('schedule', 'new')
    await s.ended(1)
  })
})

test('corrections and a Schedule wait for the end of a rollout, which is looked for again by itself', async () => {
  const s = scene({ ...enough, onItsWay: 2, lookAgainMs: 200 })
  await s.run(async () => {
    await s.coordinator.isTold()
    await s.coordinator.isAsked('schedule')
    await s.coordinator.isAsked('schedule')
    await s.shows(/20 of 20 corrections; version 2 is on its way/)
    assert.deepEqual(s.records.steps, [])
    s.records.change({ onItsWay: undefined })
    await s.ended(1)
    await s.shows(/nothing new to learn from/)
  })
  // Both Schedules' wishes are answered by it.
  assert.deepEqual(
    s.records.steps.filter((step) => /open|close/.test(step)),
    ['open schedule', 'close 1 (schedule) succeeded'],
  )
})

test('a person waits for no rollout', async () => {
  const s = scene({ accepted: 1, usable: 1, onItsWay: 2 })
  await s.run(async () => {
    await s.coordinator.isAsked('person')
    await s.ended(1)
  })
  assert.equal(s.records.steps[0], 'open person')
})

test('a coordinator that waits for the retrain of an earlier one goes on in new runs', async () => {
  const s = scene({ accepted: 3, usable: 3, lookAgainMs: 50 })
  let trains = false
  const release = new AbortController()
  const slowly: Records['activities']['trainSlot'] = async (slot) => {
    trains = true
    const beating = setInterval(() => heartbeat(), 50)
    await once(release.signal, 'abort').finally(() => clearInterval(beating))
    return s.records.activities.trainSlot(slot)
  }
  await s.run(
    async () => {
      await s.coordinator.isAsked('person')
      await eventually(() => Promise.resolve(trains || undefined), { timeoutMs: 20_000, what: 'the training' })
      await s.coordinator.handle.terminate('by hand')
      await s.coordinator.isTold()
      const second = (await s.coordinator.handle.describe()).runId
      const next = async () => (await s.coordinator.handle.describe()).runId !== second || undefined
      await eventually(next, { timeoutMs: 60_000, what: 'a new run' })
      release.abort()
      await s.ended(1)
    },
    { trainSlot: slowly },
  )
  assert.deepEqual(s.records.ends[0]?.state, 'succeeded')
})
