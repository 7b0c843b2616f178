import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Worker } from '@temporalio/worker'
import { createActionActivities } from '../../activities/actions/create.ts'
import { translateFailures } from '../../activities/failures.ts'
import { SendFailed, ServiceUnavailable } from '../../domain/errors.ts'
import type { InboundAction } from '../../domain/inbound.ts'
import { actionWorkflowId, conversationsQueue } from '../../domain/keys.ts'
import { openStories, type Stories } from '../../infra/temporal/stories.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { idOfKey } from '../../store/operations.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import type { handleAction } from '../../workflows/handle-action.ts'
import { useDatabase } from '../support/database.ts'
import { rolloutScene } from '../support/learning/rollout-scene.ts'
import { withRole } from '../support/messages/corrections.ts'
import { operationContext } from '../support/operations.ts'
import { useTemporal } from '../support/workflow-environment.ts'

/* What a person asks of a bot itself, from its event to their answer, with every workflow task replayed. */

const temporal = useTemporal()
const db = useDatabase()

async function scene(stories: Partial<Stories> = {}) {
  const made = await rolloutScene(db())
  await withRole(db(), 'U0APPROVER', 'approver', made.name)
  const activities = createActionActivities({ ...made.deps, operations: operationContext(db(), { stories }) })
  const said = () => ({
    ...{ bot: made.name, channel: 'slack' as const, businessKey: `${made.name}.T1.${randomUUID()}` },
    authorId: 'U0APPROVER',
    address: { kind: 'slack-ephemeral' as const, team: 'T1', channelId: 'C1', userId: 'U0APPROVER' },
    sentAt: '2026-01-02T03:04:05.000Z',
  })
  /** Hands the action on twice, as a relay does that died after the first time. */
  const handle = async (request: InboundAction, businessKey: string) => {
    const event = { kind: 'request', transportKey: businessKey, eventType: 'test', request } as const
    await recordEvent(db(), event, { bot: made.name, channel: 'slack' })
    const { id } = await db()
      .selectFrom('inbound_events')
      .select('id')
      .where('business_key', '=', businessKey)
      .executeTakeFirstOrThrow()
    const action = { bot: made.name, action: idOfKey(businessKey), event: id }
    const { handleAction: start } = openStories(temporal.client())
    await start({ ...action, channel: 'slack' })
    await start({ ...action, channel: 'slack' })
    const workflow = temporal
      .client()
      .workflow.getHandle<typeof handleAction>(actionWorkflowId(made.name, action.action))
    const result = await workflow.result()
    await start({ ...action, channel: 'slack' })
    return { result, history: JSON.stringify((await workflow.fetchHistory()).events) }
  }
  const working = async <T>(during: () => Promise<T>): Promise<T> => {
    const worker = await Worker.create({
      connection: temporal.environment().nativeConnection,
      namespace: temporal.environment().namespace ?? 'default',
      taskQueue: conversationsQueue('slack'),
      workflowBundle,
      maxCachedWorkflows: 0,
      activities,
      interceptors: { activity: [translateFailures(() => undefined)] },
    })
    return worker.runUntil(during)
  }
  return { ...made, said, handle, working }
}

test('a rollback is done once and told once, however often it is handed on, and the history names nobody', async () => {
  const { said, handle, working, posts, name } = await scene()
  const order = { ...said(), order: 'rollback', reason: 'it says fedora to my cat' } as const
  const { result, history } = await working(() => handle({ kind: 'order', order }, order.businessKey))
  assert.equal(result, 'taken-back')
  assert.deepEqual(
    posts.map(({ text }) => text),
    [`Version 2 of ${name} is taken back. Version 1 is answering.`],
  )
  for (const secret of ['U0APPROVER', 'T1', 'my cat', 'is taken back']) assert(!history.includes(secret), secret)
})

test('what Temporal or the platform cannot take is tried again, and an action never ends half done', async () => {
  let outages = 2
  const { said, handle, working, posts, name, deps } = await scene({
    tellCoordinator: () =>
      outages-- > 0 ? Promise.reject(new ServiceUnavailable('Temporal', 'it is out')) : Promise.resolve(),
  })
  const channel = deps.channelOf(name, 'slack')
  const send = channel.send.bind(channel)
  let busy = true
  Object.assign(channel, {
    send: (...post: Parameters<typeof send>) => {
      const wasBusy = busy
      busy = false
      return wasBusy ? Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'busy' })) : send(...post)
    },
  })
  const order = { ...said(), order: 'train' } as const
  const { result } = await working(() => handle({ kind: 'order', order }, order.businessKey))
  assert.equal(result, 'asked')
  assert.equal(outages, -1)
  assert.equal(posts.length, 1)
})
