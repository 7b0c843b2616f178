import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learningQueue } from '../../domain/keys.ts'
import { testBot } from '../../test/support/bots.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { useTemporal } from '../../test/support/workflow-environment.ts'
import { learningDefaults } from '../../domain/learning/numbers.ts'
import { nextCheckAt, reconcileSchedules, scheduleId } from './schedules.ts'

const temporal = useTemporal()
const botOf = (name: string, schedule = learningDefaults.schedule) =>
  testBot({ name, learning: { ...learningDefaults, schedule } })

function logged() {
  const lines: object[] = []
  return { lines, log: { error: (line: object) => void lines.push(line) } }
}

async function scheduled(): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { scheduleId: id } of temporal.client().schedule.list()) ids.push(id)
  return ids.toSorted()
}
const areScheduled = (...names: readonly string[]) =>
  eventually(async () => JSON.stringify(await scheduled()) === JSON.stringify(names.map(scheduleId)) || undefined, {
    timeoutMs: 20_000,
    what: `the Schedules of ${names.join(' and ')}`,
  })

test('every bot has its Schedule, and that of a bot that is no more is deleted', async () => {
  const { log, lines } = logged()
  await reconcileSchedules(temporal.client(), [botOf('gone'), botOf('stays')], log)
  await areScheduled('gone', 'stays')
  await reconcileSchedules(temporal.client(), [botOf('stays')], log)
  await areScheduled('stays')
  assert.deepEqual(lines, [])
})

/** When a bot is asked next, as its cron line says it: `minute hour`, and the day of the week. */
async function nextCheck(bot: string): Promise<readonly number[] | undefined> {
  const at = await nextCheckAt(temporal.client(), bot)
  const date = new Date(at ?? 0)
  return at === undefined ? undefined : [date.getUTCMinutes(), date.getUTCHours(), date.getUTCDay()]
}

test('a Schedule that Temporal has lost comes back as it was, and one that nobody wants any more goes', async () => {
  const { log, lines } = logged()
  const client = temporal.client()
  const bots = [botOf('kept', '0 6 * * SUN'), botOf('lost', '30 5 * * MON')]
  await reconcileSchedules(client, [...bots, botOf('unwanted')], log)
  await areScheduled('kept', 'lost', 'unwanted')
  const lost = client.schedule.getHandle(scheduleId('lost'))
  await lost.delete()
  assert.equal(await nextCheck('lost'), undefined)
  await reconcileSchedules(client, bots, log)
  await areScheduled('kept', 'lost')
  assert.deepEqual(
    [await nextCheck('kept'), await nextCheck('lost')],
    [
      [0, 6, 0],
      [30, 5, 1],
    ],
  )
  const { action } = await lost.describe()
  const { workflowType, taskQueue, args } = action
  assert.deepEqual([workflowType, taskQueue, args], ['requestRetrain', learningQueue, [{ bot: 'lost' }]])
  assert.deepEqual(lines, [])
})

test('a Schedule that a person paused stays so and follows bot.yaml, and the Schedules of others are left alone', async () => {
  const { log } = logged()
  const client = temporal.client()
  await reconcileSchedules(client, [botOf('calm', '0 6 * * SUN')], log)
  const calm = client.schedule.getHandle(scheduleId('calm'))
  await calm.pause('not this month')
  const action = { type: 'startWorkflow', taskQueue: 'elsewhere', args: [] } as const
  const spec = { cronExpressions: ['0 0 1 1 *'] }
  // One has our name for them, the other starts what ours start.
  for (const [theirs, workflowType] of [
    ['schedule:backup', 'backUp'],
    ['by-hand', 'requestRetrain'],
  ] as const)
    await client.schedule.create({ scheduleId: theirs, spec, action: { ...action, workflowType } })
  const everything = ['by-hand', 'schedule:backup', scheduleId('calm')].toSorted()
  const areAll = async (ids: readonly string[]) =>
    JSON.stringify(await scheduled()) === JSON.stringify(ids) || undefined
  await eventually(() => areAll(everything), { timeoutMs: 20_000, what: 'all Schedules' })
  await reconcileSchedules(client, [botOf('calm', '15 7 * * TUE')], log)
  assert.equal(await nextCheck('calm'), undefined)
  await calm.unpause()
  assert.deepEqual(await nextCheck('calm'), [15, 7, 2])
  await reconcileSchedules(client, [], log)
  await eventually(() => areAll(everything.filter((id) => id !== scheduleId('calm'))), {
    timeoutMs: 20_000,
    what: 'theirs alone',
  })
  for (const theirs of ['schedule:backup', 'by-hand']) await client.schedule.getHandle(theirs).delete()
})

test('a schedule that Temporal does not take stops no other bot', async () => {
  const { log, lines } = logged()
  const [wrong, right] = [botOf('wrong', '99 * * * *'), botOf('right', '0 7 * * TUE')]
  await reconcileSchedules(temporal.client(), [wrong, right, botOf('stays')], log)
  await areScheduled('right', 'stays')
  assert.deepEqual(lines, [{ bot: 'wrong', schedule: '99 * * * *' }])
  assert.equal(await nextCheckAt(temporal.client(), 'wrong'), undefined)
})
