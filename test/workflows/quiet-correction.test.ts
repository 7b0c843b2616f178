import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowHandle } from '@temporalio/client'
import { DeterminismViolationError } from '@temporalio/workflow'
import { Worker } from '@temporalio/worker'
import { correctionScene, withCorrectionWorker } from '../support/messages/correction-scene.ts'
import { useDatabase } from '../support/database.ts'
import { eventually } from '../support/platforms/platform.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { useTemporal } from '../support/workflow-environment.ts'

/* What `applyCorrection` does when nobody votes for long: it hands over to a fresh run, and after seven days it ends. */

/** The server suggests a new run after so many events; by itself it would after thousands. */
const eventsBeforeNewRun = 12
const temporal = useTemporal([
  '--dynamic-config-value',
  `limit.historyCount.suggestContinueAsNew=${eventsBeforeNewRun}`,
])
const db = useDatabase()

const scene = () => correctionScene({ db: db(), client: temporal.client() })
const working = ({ deps }: Awaited<ReturnType<typeof scene>>, during: () => Promise<void>) =>
  withCorrectionWorker(temporal.environment(), { deps }, during)

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>
type HistoryEvent = NonNullable<History['events']>[number]

/** Numbers of the event types in Temporal's API (temporal/api/enums/v1/event_type.proto). */
const types = {
  completed: 2,
  taskScheduled: 5,
  taskStarted: 6,
  taskCompleted: 7,
  timerStarted: 17,
  timerFired: 18,
  continuedAsNew: 28,
} as const

const eventsOf = ({ events }: History): readonly HistoryEvent[] => events ?? []
const isOf = (type: keyof typeof types) => (event: HistoryEvent) => Number(event.eventType) === types[type]

/** The history of a run that waits, when its timer is the last thing that it asked for. */
const waiting = (handle: WorkflowHandle): Promise<History> =>
  eventually(
    async () => {
      const history = await handle.fetchHistory()
      return eventsOf(history).some(isOf('timerStarted')) ? history : undefined
    },
    { timeoutMs: 20_000, what: 'the timer of a run that waits' },
  )

/** The same run as the server would have gone on writing it: the timer fires, one task follows, and the run ends so. */
function whenTimerFires(history: History, end: 'completed' | 'continuedAsNew'): object {
  const events = eventsOf(history)
  const timer = events.findLast(isOf('timerStarted')) ?? assert.fail('it waits')
  const last = events.length
  const at = (offset: number, type: keyof typeof types, attributes: object) => ({
    eventId: last + offset,
    eventTime: { seconds: 4_000_000_000 + offset, nanos: 0 },
    eventType: types[type],
    ...attributes,
  })
  const { timerId } = timer.timerStartedEventAttributes ?? {}
  const ended = { workflowTaskCompletedEventId: last + 4 }
  const more = [
    at(1, 'timerFired', { timerFiredEventAttributes: { timerId, startedEventId: timer.eventId } }),
    at(2, 'taskScheduled', { workflowTaskScheduledEventAttributes: { attempt: 1 } }),
    at(3, 'taskStarted', { workflowTaskStartedEventAttributes: { scheduledEventId: last + 2 } }),
    at(4, 'taskCompleted', {
      workflowTaskCompletedEventAttributes: { scheduledEventId: last + 2, startedEventId: last + 3 },
    }),
    end === 'completed'
      ? at(5, end, { workflowExecutionCompletedEventAttributes: ended })
      : at(5, end, { workflowExecutionContinuedAsNewEventAttributes: ended }),
  ]
  return { ...history, events: [...events, ...more] }
}

const replay = (history: object, workflowId: string) => Worker.runReplayHistory({ workflowBundle }, history, workflowId)

test('after seven days without a vote the run ends', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U1', 'no-fedora')
    await s.counted(1)
    const history = await waiting(s.handle())
    const timer = eventsOf(history).findLast(isOf('timerStarted'))?.timerStartedEventAttributes
    assert.equal(Number(timer?.startToFireTimeout?.seconds), 7 * 24 * 60 * 60)
    await replay(whenTimerFires(history, 'completed'), s.handle().workflowId)
    // The replay would have noticed another end.
    await assert.rejects(
      replay(whenTimerFires(history, 'continuedAsNew'), s.handle().workflowId),
      DeterminismViolationError,
    )
  })
})

test('a vote after that end starts a new run, which counts on from what the store knows', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U1', 'no-fedora')
    await s.counted(1)
    await waiting(s.handle())
    // Seven days later there is no run any more.
    await s.handle().terminate('nobody can wait that long in a test')
    await s.votes('U2', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  })
  assert.deepEqual(s.told('U2'), ['accepted no fedora 2/2'])
})

test('a long history is continued as new while nobody is being told anything, and no vote is lost', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U1', 'fedora')
    await s.counted(1)
    const first = (await s.handle().describe()).runId
    // Changes of mind fill the history.
    for (const [index, label] of ['no-fedora', 'fedora', 'no-fedora'].entries()) {
      await s.votes('U1', label)
      await s.counted(index + 2)
    }
    const client = temporal.client()
    const firstRun = client.workflow.getHandle(s.handle().workflowId, first)
    const isContinued = async () => (await firstRun.describe()).status.name === 'CONTINUED_AS_NEW' || undefined
    await eventually(isContinued, { timeoutMs: 20_000, what: 'the run that takes over' })
    assert(eventsOf(await firstRun.fetchHistory()).some(isOf('continuedAsNew')))
    await s.votes('U2', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
    assert.notEqual((await s.handle().describe()).runId, first)
  })
  assert.deepEqual(s.told('U2'), ['accepted no fedora 2/2'])
  assert.deepEqual((await s.verdictsOf()).filter((verdict) => verdict === 'counted').length, 2)
})
