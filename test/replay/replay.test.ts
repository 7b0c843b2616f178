import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { repositoryRoot } from '../../infra/local/processes/node-child.ts'
import { scrubHistory } from './scrub-history.ts'
import { answerStories, historyFile, learningStories, type StoryName, storedHistory } from './stored-histories.ts'

// The rejections that these tests want are warnings of the native core.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
})

type Bundle = Parameters<typeof Worker.runReplayHistory>[0]['workflowBundle']

const replay = async (bundle: Bundle, name: StoryName): Promise<void> =>
  Worker.runReplayHistory({ ...(bundle && { workflowBundle: bundle }) }, await storedHistory(name), name)

const storyNames = [...answerStories, ...learningStories]

for (const name of storyNames)
  test(`the workflows of today replay the history: ${name}`, async () => {
    await replay(workflowBundle, name)
  })

test('a workflow with an inserted timer is rejected by every history', async () => {
  const workflowsPath = fileURLToPath(new URL('../guards/fixtures/changed-workflow.ts', import.meta.url))
  const changed = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  for (const name of storyNames) await assert.rejects(replay(changed, name), { name: 'DeterminismViolationError' })
})

test('the histories are the stories that they are named after', async () => {
  const types = async (name: StoryName) => (await storedHistory(name)).events.map(({ eventType }) => eventType)
  const scheduled = (all: readonly string[]) =>
    all.filter((type) => type === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED').length
  // Prepared, scored, replied; then its picture is judged.
  assert.equal(scheduled(await types('answerMessage/answered')), 4)
  assert.equal(scheduled(await types('answerMessage/refused')), 2)
  assert((await types('answerMessage/with-retries')).includes('EVENT_TYPE_TIMER_FIRED'))
  assert((await types('answerMessage/with-retries')).includes('EVENT_TYPE_MARKER_RECORDED'))
  assert.match(JSON.stringify(await storedHistory('answerMessage/with-retries')), /"attempt":3,"lastFailure"/)
})

/** Every text of a history, its payloads decoded. */
const readable = (history: string): string =>
  history.replaceAll(/"data": ?"([A-Za-z0-9+/=]+)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString())

/** Paths, processes and hosts of the machine; ids of the platforms. */
const telling: readonly RegExp[] = [
  /\d@/,
  /\/(?:home|Users|root|work|tmp|private|usr|var|opt)\//,
  /node_modules|file:\/\/|stackTrace/,
  /T0SIM|C0GENERAL|U0ADA|\b\d{10}\.\d{6}\b|(?<![.\d])\d{18,19}\b/,
]

test('the histories name no machine, no path, no account and no platform id', async () => {
  for (const name of storyNames) {
    const text = readable(await readFile(historyFile(name), 'utf8'))
    assert.match(text, /"messageId":|"bot":/)
    for (const pattern of telling) assert.doesNotMatch(text, pattern)
    assert(!text.includes(hostname()) && !text.includes(repositoryRoot))
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
