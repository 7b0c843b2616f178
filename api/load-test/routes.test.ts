import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { loadTest, type LoadTest } from '../contract/load-tests.ts'
import { claimEvents, markStarted, recordEvent } from '../../store/messages/inbound-events.ts'
import { finishedSynthetic } from '../../store/messages/load-tests.ts'
import { acceptMessage, finishMessage } from '../../store/messages/messages.ts'
import { intendReply } from '../../store/messages/replies.ts'
import { testBot } from '../../test/support/bots.ts'
import { useDatabase } from '../../test/support/database.ts'
import { answerProblems } from '../problems.ts'
import { type LoadTestDeps, loadTestRoutes } from './routes.ts'

const database = useDatabase()

const depsOf = (changes: Partial<LoadTestDeps> = {}): LoadTestDeps => ({
  record: (event, door) => recordEvent(database(), event, door),
  finished: (keys) => finishedSynthetic(database(), keys),
  putBlob: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest('hex')),
  botOf: (name) => (name === 'fedora-finder' ? { name, channels: ['x', 'slack'], input: testBot().input } : undefined),
  authorise: () => Promise.resolve(),
  ...changes,
})

async function openApp(context: TestContext, deps = depsOf()): Promise<FastifyInstance> {
  const app = fastify()
  answerProblems(app)
  await app.register(loadTestRoutes(deps))
  context.after(() => app.close())
  return app
}

/** What the workers do with a message, as far as the store sees it: its row, its reply, its outcome. */
async function answerWaiting(platformId: string): Promise<void> {
  const db = database()
  const events = await claimEvents(db, { limit: 100, leaseMs: 10_000 })
  for (const { request, receivedAt } of events) {
    assert.equal(request.kind, 'message')
    const { id, workflowId } = await acceptMessage(db, request.message, { receivedAt, newId: randomUUID() })
    const outcome = request.message.pictures.length > 0 ? 'answered' : 'refused'
    const row = await intendReply(db, { key: `${workflowId}:reply`, messageId: id, kind: 'choice', text: 'fedora' })
    await sql`update replies set state = 'sent', platform_id = ${platformId} where key = ${row.key}`.execute(db)
    await finishMessage(db, id, { outcome })
  }
  await markStarted(
    db,
    events.map(({ id }) => id),
  )
}

async function runToEnd(app: FastifyInstance, id: string, platformId: string): Promise<LoadTest> {
  for (;;) {
    await answerWaiting(platformId)
    const status = (await app.inject(`/api/load-test/${id}`)).json<LoadTest>()
    if (status.state === 'done') return status
    await sleep(50)
  }
}

const ask = { bot: 'fedora-finder', channel: 'x', rate: 50, seconds: 1, pictures: 0.5 }
const start = (app: FastifyInstance, body: object = ask) =>
  app.inject({ method: 'POST', url: '/api/load-test', payload: body })

test('a load test commits its messages as a door does, and counts how each ended', async (context) => {
  const app = await openApp(context)
  const started = await start(app)
  assert.equal(started.statusCode, 202)
  const { id } = started.json<{ id: string }>()
  const status = await runToEnd(app, id, 'http-1')
  assert.ok(loadTest.safeParse(status).success, 'it is of the shape that the contract promises')
  const { planned, sent, answered, failed, open, notStored, outcomes, sentOutside } = status
  assert.deepEqual({ planned, sent, answered, open }, { planned: 50, sent: 50, answered: 50, open: 0 })
  assert.deepEqual({ failed, notStored, sentOutside }, { failed: 0, notStored: 0, sentOutside: 0 })
  assert.deepEqual(outcomes, { answered: 25, refused: 25, failed: 0, expired: 0 })
  assert.equal(
    status.histogram.reduce((sum, [, count]) => sum + count, 0),
    50,
  )
  const marked = sql<{ count: number }>`
    select count(*)::int as count from messages where synthetic and business_key like ${`fedora-finder.synthetic-${id}-%`}`
  assert.equal((await marked.execute(database())).rows[0]?.count, 50)
})

test('a reply that went to a platform is found', async (context) => {
  const app = await openApp(context)
  const { id } = (await start(app, { ...ask, rate: 2 })).json<{ id: string }>()
  assert.equal((await runToEnd(app, id, '1997000000000000500')).sentOutside, 2)
})

test('what the database does not take is counted, and not waited for', async (context) => {
  const record = () => Promise.reject(new Error('the database is down'))
  const app = await openApp(context, depsOf({ record }))
  const { id } = (await start(app, { ...ask, rate: 3 })).json<{ id: string }>()
  const { sent, notStored, latencyMs } = await runToEnd(app, id, 'http-1')
  assert.deepEqual({ sent, notStored, latencyMs }, { sent: 0, notStored: 3, latencyMs: null })
})

test('one load test at a time; deleting it makes room', async (context) => {
  const app = await openApp(context)
  const { id } = (await start(app, { ...ask, seconds: 600 })).json<{ id: string }>()
  assert.equal((await start(app)).statusCode, 409)
  assert.equal((await app.inject({ method: 'DELETE', url: `/api/load-test/${id}` })).statusCode, 204)
  const { state } = (await app.inject(`/api/load-test/${id}`)).json<LoadTest>()
  assert.equal(state, 'stopped')
  const next = await start(app, { ...ask, seconds: 600 })
  assert.equal(next.statusCode, 202)
})

test('what cannot be run is refused, with the reason', async (context) => {
  const app = await openApp(context)
  const table: readonly (readonly [object, number, RegExp])[] = [
    [{ ...ask, bot: 'nobody' }, 404, /no such bot/],
    [{ ...ask, channel: 'http' }, 400, /channel/],
    [{ ...ask, rate: 0 }, 400, /rate/],
    [{ ...ask, pictures: 2 }, 400, /pictures/],
    [{ ...ask, more: true }, 400, /more/],
    [{ ...ask, rate: 500, seconds: 3_600 }, 422, /100000 at most/],
  ]
  for (const [body, status, words] of table) {
    const answer = await start(app, body)
    assert.equal(answer.statusCode, status)
    assert.match(answer.body, words)
  }
  assert.equal((await app.inject('/api/load-test/0')).statusCode, 404)
})

test('whoever may not run one gets no further, whatever the bot', async (context) => {
  const refusal = Object.assign(new Error('you are no approver'), { statusCode: 403 })
  let stored = 0
  const app = await openApp(
    context,
    depsOf({ authorise: () => Promise.reject(refusal), record: () => Promise.resolve((stored += 1) > 0) }),
  )
  assert.equal((await start(app)).statusCode, 403)
  assert.equal((await start(app, { ...ask, bot: 'nobody' })).statusCode, 403)
  assert.equal(stored, 0)
})
