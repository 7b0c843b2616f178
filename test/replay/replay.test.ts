import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { repositoryRoot } from '../../infra/local/processes/node-child.ts'
import * as registered from '../../workflows/index.ts'
import * as changed from '../guards/fixtures/changed-workflow.ts'
import { historiesOf, readHistory, recordedReleases, type StoredHistory } from '../support/releases/releases.ts'
import { readable, telling } from './readable-history.ts'
import { scrubHistory } from './scrub-history.ts'

// The rejections that these tests want are warnings of the native core.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
})

type Bundle = Parameters<typeof Worker.runReplayHistory>[0]['workflowBundle']

const replay = async (bundle: Bundle, stored: StoredHistory): Promise<void> =>
  Worker.runReplayHistory({ ...(bundle && { workflowBundle: bundle }) }, await readHistory(stored), stored.name)

const releases = await recordedReleases()
const histories = (await Promise.all(releases.map(historiesOf))).flat()
const newest = releases.at(-1) ?? assert.fail('no release is recorded')
const types = Object.keys(registered).toSorted()
/** Types that came after the newest release; recording the next one empties the list. */
const unreleased: readonly string[] = ['handleAction']
/** Types that nothing starts any more: they stay for what is open, and for the releases that recorded them. */
const retired: ReadonlySet<string> = new Set(['matchPeople'])

for (const stored of histories)
  test(`the workflows of today replay the history: ${stored.name}`, async () => {
    await replay(workflowBundle, stored)
  })

test('a workflow with an inserted timer is rejected by every history', async () => {
  assert.deepEqual(Object.keys(changed).toSorted(), types)
  const workflowsPath = fileURLToPath(new URL('../guards/fixtures/changed-workflow.ts', import.meta.url))
  const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  for (const stored of histories)
    await assert.rejects(replay(bundle, stored), { name: 'DeterminismViolationError' }, stored.name)
})

test('the newest release has a history of every workflow type that there was', async () => {
  const recorded = new Set((await historiesOf(newest)).map(({ type }) => type))
  const started = (type: string) => !retired.has(type)
  assert.deepEqual([...recorded, ...unreleased].filter(started).toSorted(), types.filter(started))
})

/** How the stories of 0.1.0 end that show most of what can happen: the type of the last event, and what it says. */
const ends: Readonly<Record<string, readonly [string, RegExp]>> = {
  'answerMessage/answered': ['COMPLETED', /"outcome":"answered"/],
  'answerMessage/refused': ['COMPLETED', /"outcome":"refused"/],
  'answerMessage/failed': ['COMPLETED', /"outcome":"failed"/],
  'answerMessage/expired': ['COMPLETED', /"outcome":"expired"/],
  'coordinateLearning/long-continued': ['CONTINUED_AS_NEW', /"seen":\["seen before"\]/],
  'retrainModel/cancelled': ['COMPLETED', /"state":"cancelled"/],
  'retrainModel/failed-gates': ['COMPLETED', /"state":"failed".*the gates stopped main: golden/],
  'retrainModel/registered': ['COMPLETED', /"state":"succeeded"/],
  'rollOutVersion/failed-gates': ['COMPLETED', /"failed-gates"/],
  'rollOutVersion/long-continued': ['CONTINUED_AS_NEW', /"seen":\["[0-9a-f-]{36}"\]/],
  'rollOutVersion/promoted': ['COMPLETED', /"promoted"/],
  'rollOutVersion/rolled-back': ['COMPLETED', /"rolled-back"/],
}

test('the histories are the stories that they are named after', async () => {
  for (const [story, [type, words]] of Object.entries(ends)) {
    const stored = histories.find(({ name }) => name === `0.1.0/${story}`) ?? assert.fail(`${story} is there`)
    const last = (await readHistory(stored)).events.at(-1) ?? assert.fail('it has events')
    assert.equal(last.eventType, `EVENT_TYPE_WORKFLOW_EXECUTION_${type}`, story)
    assert.match(readable(JSON.stringify(last)), words, story)
  }
})

test('a message that was tried again and again shows its timers, its markers and its attempts', async () => {
  const retried =
    histories.find(({ name }) => name === '0.1.0/answerMessage/with-retries') ?? assert.fail('it is there')
  const text = JSON.stringify(await readHistory(retried))
  for (const type of ['TIMER_FIRED', 'MARKER_RECORDED', 'ACTIVITY_TASK_COMPLETED']) assert(text.includes(type), type)
  assert.match(text, /"attempt":3,"lastFailure"/)
})

test('the histories name no machine, no path, no account and no platform id', async () => {
  for (const stored of histories) {
    const text = readable(await readFile(stored.file, 'utf8'))
    assert.match(text, /"messageId":|"bot":/)
    for (const pattern of telling) assert.doesNotMatch(text, pattern, stored.name)
    assert(!text.split(/[^\w.-]+/).includes(hostname()) && !text.includes(repositoryRoot), stored.name)
  }
})

test('a history is scrubbed in its payloads too', () => {
  const payload = Buffer.from('{"outcome":"answered","replyId":"1795257390.845000"}').toString('base64')
  const event = {
    eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
    identity: '17150@host',
    taskQueue: { name: '17151@host-6ce0', kind: 'TASK_QUEUE_KIND_STICKY' },
    lastFailure: { message: 'a reason', stackTrace: 'at /home/somebody/file.ts' },
    workflowId: 'answer:fedora-finder:slack:T0SIM.C0GENERAL.1795257389.279000',
    result: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: payload }] },
  }
  assert.match(readable(JSON.stringify({ events: [event] })), /1795257390\.845000/)
  const scrubbed = readable(JSON.stringify(scrubHistory(JSON.stringify({ events: [event] }))))
  for (const pattern of telling) assert.doesNotMatch(scrubbed, pattern)
  assert.match(scrubbed, /answer:fedora-finder:slack:scrubbed/)
  assert.match(scrubbed, /"outcome":"answered"/)
})
