import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../wire/webhook-double.ts'
import { slackInTest } from '../test-workspace.ts'
import { slackSignature } from './webhook.ts'

interface Envelope {
  readonly event_id: string
  readonly authorizations: readonly Readonly<Record<string, unknown>>[]
  readonly event: Readonly<Record<string, unknown>>
}
const eventOf = (body: Buffer) => JSON.parse(body.toString()) as Envelope

void test("a signature is the one of Slack's own documentation", () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  assert.equal(
    slackSignature('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', Buffer.from(body)),
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  )
})

void test('a mention comes as two events with one ts, signed on the bytes that were sent', async (context) => {
  const { app, webhook, say } = await slackInTest(context)
  const { json } = await say('hello @fedora-finder, what is this?', { wait: true })
  assert.equal(webhook.received.length, 2)
  const events = webhook.received.map(({ body }) => eventOf(body))
  assert.deepEqual(events.map(({ event }) => event['type']).sort(), ['app_mention', 'message'])
  assert.equal(new Set(events.map(({ event_id }) => event_id)).size, 2)
  assert.deepEqual(
    json['eventIds'],
    events.map(({ event_id }) => event_id),
  )
  for (const { event, authorizations } of events) {
    assert.equal(event['ts'], json['ts'])
    assert.equal(event['text'], 'hello <@U0BOT>, what is this?')
    assert.equal(authorizations[0]?.['user_id'], 'U0BOT')
  }
  for (const { headers, body } of webhook.received) {
    const stamp = String(headers['x-slack-request-timestamp'])
    assert.equal(headers['x-slack-signature'], slackSignature(app.signingSecret, stamp, body))
    assert.ok(Math.abs(Date.now() / 1000 - Number(stamp)) < 5)
  }
})

void test('copies share an event id, twins can be left out, and one message can come under new event ids', async (context) => {
  const { webhook, say, call } = await slackInTest(context)
  const { json } = await say('@fedora-finder', { wait: true, deliveries: { copies: 3, twins: false, newEventIds: 2 } })
  const ids = webhook.received.map(({ body }) => eventOf(body).event_id)
  assert.equal(ids.length, 5)
  assert.equal(new Set(ids).size, 3)
  await call('POST /_sim/redeliver', { ts: json['ts'], times: 2, wait: true })
  await call('POST /_sim/redeliver', { ts: json['ts'], newEventId: true, wait: true })
  const again = webhook.received.slice(5).map(({ body }) => eventOf(body).event_id)
  assert.equal(again[0], ids[0])
  assert.equal(again[1], ids[0])
  assert.ok(!ids.includes(again[2] ?? ''))
})

void test('a direct message is one message event of an im', async (context) => {
  const { webhook, say } = await slackInTest(context)
  await say('hello @fedora-finder', { channel: 'D1', wait: true })
  const [only, ...others] = webhook.received.map(({ body }) => eventOf(body).event)
  assert.equal(others.length, 0)
  assert.deepEqual([only?.['type'], only?.['channel_type']], ['message', 'im'])
})

void test('a webhook that fails is asked three more times, with number and reason, on the scaled clock', async (context) => {
  const { webhook, say, call } = await slackInTest(context, { clockScale: 1000 })
  webhook.answerWith(() => ({ kind: 'whole', status: 503, headers: {}, body: '' }))
  const started = Date.now()
  await say('hello', { channel: 'D1' })
  await eventually(async () => (await call('GET /_sim/deliveries')).json['pending'] === 0)
  const took = Date.now() - started
  assert.deepEqual(
    webhook.received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
    [
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ],
  )
  assert.ok(took >= 355 && took < 3000, `${took} ms`)
  const { json } = await call('GET /_sim/deliveries')
  const statuses = (json['deliveries'] as { status: number; attempt: number }[]).map(({ status, attempt }) => [
    attempt,
    status,
  ])
  assert.deepEqual(statuses, [
    [1, 503],
    [2, 503],
    [3, 503],
    [4, 503],
  ])
})

void test('a clock that is made faster hurries what already waits, and no-retry ends it', async (context) => {
  const { webhook, say, call } = await slackInTest(context)
  webhook.answerWith(() => ({ kind: 'whole', status: 500, headers: {}, body: '' }))
  await say('hello', { channel: 'D1' })
  await eventually(() => webhook.received.length === 2)
  await call('POST /_sim/clock', { scale: 10_000 })
  await eventually(() => webhook.received.length === 4)
  webhook.answerWith(() => ({ kind: 'whole', status: 500, headers: { 'x-slack-no-retry': '1' }, body: '' }))
  await say('hello', { channel: 'D1', wait: true })
  assert.equal((await call('GET /_sim/deliveries')).json['pending'], 0)
  assert.equal(webhook.received.length, 5)
})

void test('silence past the ack limit is no answer, and is retried as http_timeout', async (context) => {
  const { webhook, say, call } = await slackInTest(context)
  await call('POST /_sim/clock', { ackMs: 100 })
  webhook.answerWith(() => ({ kind: 'silence', ms: 10_000 }))
  const { json } = await say('hello', { channel: 'D1', wait: true })
  assert.equal((json['deliveries'] as { status: number }[])[0]?.status, 0)
  await eventually(() => webhook.received.length === 2)
  assert.equal(webhook.received[1]?.headers['x-slack-retry-reason'], 'http_timeout')
})

void test('the address check passes for a webhook that returns the challenge, and for no other', async (context) => {
  const { webhook, call } = await slackInTest(context)
  assert.equal((await call('POST /_sim/verify-url', { bot: 'fedora-finder' })).json['passed'], false)
  webhook.answerWith(({ body }) => {
    const { challenge } = JSON.parse(body.toString()) as { challenge: string }
    return { kind: 'whole', status: 200, headers: {}, body: JSON.stringify({ challenge }) }
  })
  assert.equal((await call('POST /_sim/verify-url', { bot: 'fedora-finder' })).json['passed'], true)
})
