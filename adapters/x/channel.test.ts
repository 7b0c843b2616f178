import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../domain/channel.ts'
import { SendFailed, ServiceUnavailable } from '../../domain/errors.ts'
import {
  type Act,
  answer,
  closedServer,
  cut,
  drip,
  hang,
  reset,
  scriptedServer,
} from '../../test/support/scripted-server.ts'
import { createXChannel } from './channel.ts'

const credentials = { consumerKey: 'ck', consumerSecret: 'cs', accessToken: '16-at', accessTokenSecret: 'ats' }
const open = (apiUrl: string) => createXChannel({ credentials, apiUrl })
const reply: OutgoingReply = {
  key: 'answer:fedora-finder:x:1:reply',
  address: { kind: 'x-post', accountId: '16', postId: '1997000000000000123' },
  text: 'fedora: 87 % likely · 4f2a',
}
type Expected = Partial<Pick<SendFailed, 'delivery' | 'retryable' | 'reason' | 'retryAfterMs'>>
const failure = (expected: Expected) => (error: unknown) => {
  assert.ok(error instanceof SendFailed, String(error))
  const { delivery, retryable, reason, retryAfterMs } = error
  const found = { delivery, retryable, reason, retryAfterMs }
  assert.deepEqual({ ...found, ...expected }, found)
  assert.equal(error.cause, undefined)
  return true
}
const problem = (status: number, body: object) =>
  answer(status, JSON.stringify(body), { 'content-type': 'application/problem+json' })
const described = (detail: string) => problem(403, { title: 'Forbidden', detail, type: 'about:blank', status: 403 })

void test('a public reply is one signed post under the message, to the address of production', async (context) => {
  const server = await scriptedServer(context)
  server.act(answer(201, { data: { id: '1997000000000000500', text: reply.text } }))
  assert.equal(await open(server.url).send(reply), '1997000000000000500')
  const [request, ...others] = server.arrived
  assert.equal(others.length, 0)
  assert.equal(`${request?.method} ${request?.path}`, 'POST /2/tweets')
  assert.equal(request?.headers.host, 'api.x.com')
  assert.match(request.headers.authorization ?? '', /^OAuth oauth_consumer_key="ck".*oauth_token="16-at"/)
  assert.deepEqual(JSON.parse(request.body), {
    text: reply.text,
    reply: { in_reply_to_tweet_id: '1997000000000000123' },
  })
})

void test('a direct reply is one message to the person', async (context) => {
  const server = await scriptedServer(context)
  server.act(answer(201, { data: { dm_conversation_id: '16-42', dm_event_id: '1997000000000000600' } }))
  const address = { kind: 'x-direct', accountId: '16', participantId: '42', messageId: '7' } as const
  assert.equal(await open(server.url).send({ ...reply, address }), '1997000000000000600')
  assert.equal(server.arrived[0]?.path, '/2/dm_conversations/with/42/messages')
  assert.deepEqual(JSON.parse(server.arrived[0].body), { text: reply.text })
})

void test('every failure is told apart, and none is repeated by the client', async (context) => {
  const server = await scriptedServer(context)
  const page = '<!doctype html><p>what a person wrote</p>'.padEnd(100_000, 'x')
  const usageCapped = 'https://api.twitter.com/2/problems/usage-capped'
  const table: readonly (readonly [string, Act, Expected])[] = [
    ['a reset after accepting', reset, { delivery: 'unknown', retryable: true }],
    ['a cut body', cut, { delivery: 'unknown', retryable: true }],
    ['an error of the server', answer(500, {}), { delivery: 'unknown', retryable: true, reason: '500' }],
    ['a page of the gateway', answer(503, page), { delivery: 'unknown', retryable: true, reason: '503' }],
    ['a page instead of JSON', answer(200, page), { delivery: 'unknown', retryable: true }],
    ['a redirect', answer(302, '', { location: '/' }), { delivery: 'unknown', retryable: true }],
    ['no id', answer(201, { data: {} }), { delivery: 'unknown', retryable: true, reason: 'an answer without an id' }],
    ['an empty body', answer(201, ''), { delivery: 'unknown', retryable: true }],
    [
      'duplicate content',
      described('You are not allowed to create a Tweet with duplicate content.'),
      { delivery: 'unknown', retryable: true, reason: '403 duplicate' },
    ],
    [
      'duplicate, the old way',
      answer(403, { errors: [{ code: 187, message: 'Status is a duplicate.' }] }),
      { delivery: 'unknown', retryable: true, reason: '403 187 duplicate' },
    ],
    [
      'a message already said',
      answer(403, { errors: [{ code: 151, message: 'You already said that.' }] }),
      { delivery: 'unknown', retryable: true },
    ],
    [
      'a reply that is not allowed',
      described('Reply to this conversation is not allowed because you have not been mentioned.'),
      { delivery: 'not-sent', retryable: false, reason: '403' },
    ],
    ['a reply to nothing', problem(400, { detail: 'no such post' }), { delivery: 'not-sent', retryable: false }],
    ['nobody there', problem(404, {}), { delivery: 'not-sent', retryable: false, reason: '404' }],
    ['a refused token', problem(401, { title: 'Unauthorized' }), { delivery: 'not-sent', retryable: true }],
    ['no credits', problem(402, { title: 'CreditsDepleted' }), { delivery: 'not-sent', retryable: true }],
    [
      'a used-up plan',
      problem(403, { type: usageCapped }),
      { delivery: 'not-sent', retryable: true, reason: '403 usage-capped' },
    ],
    ['a locked account', answer(403, { errors: [{ code: 326 }] }), { delivery: 'not-sent', retryable: true }],
    ['429 without a time', answer(429, {}), { delivery: 'not-sent', retryable: true, retryAfterMs: undefined }],
  ]
  for (const [name, act, expected] of table) {
    server.act(act)
    const before = server.arrived.length
    await context.test(name, () => assert.rejects(open(server.url).send(reply), failure(expected)))
    assert.equal(server.arrived.length - before, 1, `${name}: one request`)
  }
})

void test('429 waits until the limit that is used up is reset', async (context) => {
  const server = await scriptedServer(context)
  const inSeconds = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds)
  const waitsAbout = (ms: number) => (error: unknown) =>
    error instanceof SendFailed && error.delivery === 'not-sent' && Math.abs((error.retryAfterMs ?? 0) - ms) < 2_500
  const short = {
    'x-rate-limit-limit': '100',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': inSeconds(90),
  }
  server.act(answer(429, { errors: [{ code: 88, message: 'Rate limit exceeded' }] }, short))
  await assert.rejects(open(server.url).send(reply), waitsAbout(90_000))
  const day = { 'x-user-limit-24hour-remaining': '0', 'x-user-limit-24hour-reset': inSeconds(3_600) }
  server.act(answer(429, {}, { ...short, 'x-rate-limit-remaining': '5', ...day }))
  await assert.rejects(open(server.url).send(reply), waitsAbout(3_600_000))
  server.act(answer(429, {}, { 'x-rate-limit-reset': '1' }))
  await assert.rejects(open(server.url).send(reply), failure({ retryAfterMs: 1_000 }))
})

void test('a port where nobody listens is certainly not sent', async () => {
  const channel = open(await closedServer())
  await assert.rejects(channel.send(reply), failure({ delivery: 'not-sent', retryable: true, reason: 'ECONNREFUSED' }))
})

void test('no answer and an answer that never ends are given up after 5 s', async (context) => {
  const attempts = [hang, drip].map(async (act) => {
    const server = await scriptedServer(context)
    server.act(act)
    const begun = performance.now()
    await assert.rejects(open(server.url).send(reply), failure({ delivery: 'unknown', retryable: true }))
    assert.ok(performance.now() - begun < 5_800)
    assert.equal(server.arrived.length, 1)
  })
  await Promise.all(attempts)
})

void test('a reply to another platform is a mistake of ours', async () => {
  const address = { kind: 'slack-thread', team: 'T', channelId: 'C', threadTs: '1.1' } as const
  await assert.rejects(async () => open('http://127.0.0.1:1').send({ ...reply, address }), TypeError)
})

void test('before the reset that X told of nothing is sent, the wait is told, and other endpoints go on', async (context) => {
  const server = await scriptedServer(context)
  const told: unknown[] = []
  const channel = createXChannel({ credentials, apiUrl: server.url, closed: (endpoint) => told.push(endpoint) })
  const reset = Math.ceil(Date.now() / 1000) + 90
  const headers = { 'x-rate-limit-limit': '1', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': `${reset}` }
  server.act(answer(201, { data: { id: '1997000000000000500' } }, headers))
  await channel.send(reply)
  const address = { kind: 'x-direct', accountId: '16', participantId: '42', messageId: '7' } as const
  await assert.rejects(
    channel.send(reply),
    failure({ delivery: 'not-sent', retryable: true, reason: 'rate limit of POST tweets' }),
  )
  await assert.rejects(
    channel.send(reply),
    (error) => error instanceof SendFailed && (error.retryAfterMs ?? 0) > 85_000,
  )
  assert.equal(server.arrived.length, 1)
  server.act(answer(201, { data: { dm_event_id: '1997000000000000600' } }, headers))
  await channel.send({ ...reply, address })
  server.act(answer(429, {}, headers))
  await assert.rejects(channel.find({ ...reply, address }, new Date()), ServiceUnavailable)
  await assert.rejects(channel.find({ ...reply, address }, new Date()), ServiceUnavailable)
  assert.equal(server.arrived.length, 3)
  const resetAt = new Date((reset + 1) * 1000)
  assert.deepEqual(told, [
    { endpoint: 'POST tweets', limit: 'x-rate-limit', resetAt },
    { endpoint: 'POST dm_conversations/with/:id/messages', limit: 'x-rate-limit', resetAt },
    { endpoint: 'GET dm_conversations/with/:id/dm_events', limit: 'x-rate-limit', resetAt },
  ])
})
