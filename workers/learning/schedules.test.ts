import assert from 'node:assert/strict'
import { test } from 'node:test'
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

test('a schedule that Temporal does not take stops no other bot', async () => {
  const { log, lines } = logged()
  const [wrong, right] = [botOf('wrong', '99 * * * *'), botOf('right', '0 7 * * TUE')]
  await reconcileSchedules(temporal.client(), [wrong, right, botOf('stays')], log)
  await areScheduled('right', 'stays')
  assert.deepEqual(lines, [{ bot: 'wrong', schedule: '99 * * * *' }])
  assert.equal(await nextCheckAt(temporal.client(), 'wrong'), undefined)
})
