import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { parseSlackCommand } from '../adapters/slack/parse-command.ts'
import { parseSlackEvent } from '../adapters/slack/parse-event.ts'
import { parseSlackInteraction } from '../adapters/slack/parse-interaction.ts'
import { verifySlackRequest } from '../adapters/slack/verify-request.ts'
import { parseXEvent } from '../adapters/x/parse-event.ts'
import { crcResponse, verifyXRequest } from '../adapters/x/verify-request.ts'
import { buildApp } from '../api/app.ts'
import type { Door } from '../api/doors/door.ts'
import type { SlackDoors } from '../api/doors/slack.ts'
import { createMetrics } from '../api/metrics.ts'
import { standingOf } from '../api/wiring/standing.ts'
import { inferenceRuntime, recordInferenceRuntime } from '../store/versions/inference-runtime.ts'
import { recordEvent } from '../store/messages/inbound-events.ts'
import { rollBackRollout } from '../store/rollouts/rollbacks/roll-back.ts'
import { sql } from 'kysely'
import { testBot } from './support/bots.ts'
import { useDatabase } from './support/database.ts'
import { stagedRollout } from './support/learning/staged-rollout.ts'

const db = useDatabase()
const secrets = ['the secret of the test']
const bot = 'fedora-finder'
const state = { databaseIsDown: false }
const open: { app?: FastifyInstance } = {}
const verify: Door['verify'] = (rawBody, header) =>
  verifySlackRequest(
    { rawBody, timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') },
    { secrets, nowMs: Date.now() },
  )
const now = () => ({ now: new Date().toISOString() })
const slackDoors: SlackDoors = {
  events: { verify, parse: (rawBody) => parseSlackEvent(rawBody, testBot()) },
  commands: { verify, parse: (rawBody) => parseSlackCommand(rawBody, testBot({ commands: ['labels'] }), now()) },
  interactivity: { verify, parse: (rawBody) => parseSlackInteraction(rawBody, testBot(), now()) },
  openForm: () => Promise.resolve(false),
}

before(async () => {
  open.app = await buildApp({
    log: pino({ level: 'silent' }),
    metrics: createMetrics(() => standingOf(db())),
    ready: () => Promise.resolve(),
    isOutage: () => false,
    record: (event, door) =>
      state.databaseIsDown ? Promise.reject(new Error('the database is down')) : recordEvent(db(), event, door),
    slackDoorsOf: (name) => (name === bot ? slackDoors : undefined),
    xDoorOf: (name) =>
      name === bot
        ? {
            verify: (rawBody, header) =>
              verifyXRequest({ rawBody, signature: header('x-twitter-webhooks-signature') }, { secrets }),
            parse: (rawBody) => parseXEvent(rawBody, testBot()),
            crcResponse: (token) => crcResponse(token, secrets[0] ?? ''),
          }
        : undefined,
    tensorflow: () => inferenceRuntime(db()),
    readiness: () => Promise.resolve({ database: state.databaseIsDown ? 'down' : 'ok' }),
  })
})
after(() => open.app?.close())

const app = () => {
  assert(open.app)
  return open.app
}
const rows = async () => {
  const { count } = await db()
    .selectFrom('inbound_events')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
    .executeTakeFirstOrThrow()
  return count
}

const slackSignature = (body: string, timestamp: string) =>
  `v0=${createHmac('sha256', secrets[0] ?? '')
    .update(`v0:${timestamp}:${body}`)
    .digest('hex')}`

function postSlack(body: string, overrides: { readonly timestamp?: number; readonly signature?: string } = {}) {
  const timestamp = `${Math.floor((overrides.timestamp ?? Date.now()) / 1000)}`
  return app().inject({
    method: 'POST',
    url: `/slack/${bot}/events`,
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': overrides.signature ?? slackSignature(body, timestamp),
    },
    payload: body,
  })
}

const postX = (body: string, signature?: string) =>
  app().inject({
    method: 'POST',
    url: `/x/${bot}/webhook`,
    headers: {
      'content-type': 'application/json',
      'x-twitter-webhooks-signature':
        signature ??
        `sha256=${createHmac('sha256', secrets[0] ?? '')
          .update(body)
          .digest('base64')}`,
    },
    payload: body,
  })

const slackMention = (eventId: string, ts: string, type = 'app_mention') =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T1',
    api_app_id: 'A1',
    event_id: eventId,
    event_time: 1_700_000_000,
    authorizations: [
      { enterprise_id: null, team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false },
    ],
    event: { type, user: 'U1', text: '<@UBOT> what is this?', ts, channel: 'C1', event_ts: ts },
  })

test('a signed event is stored, and its replay answered 200 without a second row', async () => {
  const body = slackMention('Ev1', '1700000000.000100')
  const before = await rows()
  assert.equal((await postSlack(body)).statusCode, 200)
  assert.equal((await postSlack(body)).statusCode, 200)
  assert.equal(await rows(), before + 1)
})

test('the twin event of the same message takes no second row', async () => {
  const before = await rows()
  await postSlack(slackMention('Ev2', '1700000000.000200'))
  assert.equal((await postSlack(slackMention('Ev3', '1700000000.000200', 'message'))).statusCode, 200)
  assert.equal(await rows(), before + 1)
})

test('forged, stale, future-dated and empty signatures get 401 and no row', async () => {
  const body = slackMention('Ev4', '1700000000.000300')
  const before = await rows()
  const answers = await Promise.all([
    postSlack(body, { signature: 'v0='.padEnd(67, '0') }),
    postSlack(body, { signature: '' }),
    postSlack(body, { timestamp: Date.now() - 600_000 }),
    postSlack(body, { timestamp: Date.now() + 600_000 }),
    postX('{"data":{}}', `sha256=${Buffer.alloc(32).toString('base64')}`),
    postX('{"data":{}}', ''),
  ])
  assert.deepEqual(
    answers.map((answer) => [answer.statusCode, answer.headers['content-type']]),
    answers.map(() => [401, 'application/problem+json; charset=utf-8']),
  )
  assert.equal(await rows(), before)
})

test('malformed JSON is refused and an unknown event type is stored without its body', async () => {
  const malformed = await Promise.all(
    ['', '{', '[]', 'null', '"text"', '{"data":7}'].flatMap((body) => [postSlack(body), postX(body)]),
  )
  assert.deepEqual(new Set(malformed.map((answer) => answer.statusCode)), new Set([400]))
  const unknown = JSON.stringify({
    data: { event_uuid: '-5', filter: { user_id: '1' }, event_type: 'weather.changed', payload: { text: 'sunny' } },
  })
  assert.equal((await postX(unknown)).statusCode, 200)
  const row = await db()
    .selectFrom('inbound_events')
    .selectAll()
    .where('event_type', '=', 'weather.changed')
    .executeTakeFirstOrThrow()
  assert.equal(row.request, null)
})

test('while the database is down the answer is 503, and the redelivery is stored', async () => {
  const body = slackMention('Ev5', '1700000000.000400')
  const before = await rows()
  state.databaseIsDown = true
  assert.equal((await postSlack(body)).statusCode, 503)
  assert.equal((await app().inject('/health/ready')).statusCode, 503)
  state.databaseIsDown = false
  assert.equal((await postSlack(body)).statusCode, 200)
  assert.equal(await rows(), before + 1)
})

test('a label that is to be added is committed before the command is acknowledged, and who asked is told when it could not be', async () => {
  const add = async () => {
    const fields = { team_id: 'T1', channel_id: 'C1', user_id: 'U1', trigger_id: '1.2', command: '/labels' }
    const payload = new URLSearchParams({ ...fields, text: 'add beret a beret' }).toString()
    const timestamp = `${Math.floor(Date.now() / 1000)}`
    const answer = await app().inject({
      method: 'POST',
      url: `/slack/${bot}/commands`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': slackSignature(payload, timestamp),
      },
      payload,
    })
    assert.equal(answer.statusCode, 200)
    return answer.body
  }
  assert.equal(await add(), '')
  const { rows } = await sql`select request -> 'addition' -> 'label' as label from inbound_events
                             where request ->> 'kind' = 'label-addition'`.execute(db())
  assert.deepEqual(rows, [{ label: { id: 'beret', words: 'a beret' } }])
  state.databaseIsDown = true
  assert.match(await add().finally(() => (state.databaseIsDown = false)), /could not accept/)
})

test('the handshakes are answered: url_verification signed, the CRC by its HMAC', async () => {
  const handshake = await postSlack(JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 'x' }))
  assert.deepEqual(handshake.json(), { challenge: 'abc' })
  const crc = await app().inject(`/x/${bot}/webhook?crc_token=challenge_string`)
  assert.match(crc.json<{ response_token: string }>().response_token, /^sha256=[A-Za-z0-9+/]{43}=$/)
  assert.equal((await app().inject(`/x/${bot}/webhook`)).statusCode, 400)
  assert.equal((await app().inject(`/x/${bot}/webhook?crc_token=a&crc_token=b`)).statusCode, 400)
})

test('an unknown bot and an unknown path are 404, a body over the limit 413', async () => {
  assert.equal((await app().inject('/x/nobody/webhook?crc_token=a')).statusCode, 404)
  assert.equal((await app().inject('/nowhere')).statusCode, 404)
  assert.equal((await postX('x'.repeat(1024 * 1024 + 1))).statusCode, 413)
})

test('the metrics count events and messages, and name nobody', async () => {
  const text = (await app().inject('/metrics')).body
  assert.match(text, /understudy_events_total\{bot="fedora-finder",channel="slack",kind="repeated"\} [1-9]/)
  assert.match(text, /understudy_events_waiting [1-9]/)
  assert(!/U1|C1|T1/.test(text))
})

test('the metrics tell how learning stands, and what serves', async () => {
  const { bot, ref, activities, labelBlind, ask } = await stagedRollout(db())
  await activities().openRollout({ ...ref, demo: false })
  await activities().enterStage({ ...ref, stage: 'shadow', step: 0 })
  await labelBlind(await ask(), 'fedora')
  const of = async () =>
    (await app().inject('/metrics')).body.split('\n').filter((line) => line.includes(`bot="${bot}"`))
  const serving = `understudy_serving_weight{bot="${bot}",slot="main",version="1",stage="live"} 1`
  assert.deepEqual(
    (await of()).filter((line) => !line.startsWith('understudy_messages')),
    [
      `understudy_rollouts{bot="${bot}",state="shadow"} 1`,
      `understudy_blind_questions{bot="${bot}",state="closed"} 1`,
      serving,
      `understudy_serving_weight{bot="${bot}",slot="main",version="2",stage="shadow"} 0`,
    ],
  )
  await rollBackRollout(db(), { ...ref, end: 'withdrawn', why: 'a test', actor: 'test' })
  const later = await of()
  assert.ok(later.includes(`understudy_rollouts{bot="${bot}",state="withdrawn"} 1`))
  // What is no more is told no more.
  assert.deepEqual(
    later.filter((line) => /rollouts.*shadow|version="2"/.test(line)),
    [],
  )
  assert.ok(later.includes(serving))
})

test('the health says how TensorFlow runs, and why when it is a fallback', async () => {
  await recordInferenceRuntime(db(), { backend: 'native', why: 'it loads' })
  await recordInferenceRuntime(db(), { backend: 'wasm', why: 'there is no compiler' })
  const health = (await app().inject('/health/ready')).json<{ tensorflow: unknown }>()
  assert.deepEqual(health.tensorflow, { backend: 'wasm', why: 'there is no compiler' })
})
