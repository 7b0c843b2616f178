import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../domain/channel.ts'
import { SendFailed } from '../../domain/errors.ts'
import { createSlackChannel } from './channel.ts'
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

const token = 'xoxb-of-the-test'
const reply: OutgoingReply = {
  key: 'answer:fedora-finder:slack:T1.C1.1765000000.000200:reply',
  address: { kind: 'slack-thread', team: 'T1', channelId: 'C1', threadTs: '1765000000.000200' },
  text: 'fedora & <co>: 87 % likely',
}
type Expected = Partial<Pick<SendFailed, 'delivery' | 'retryable' | 'reason' | 'retryAfterMs'>>
const failure = (expected: Expected) => (error: unknown) => {
  assert.ok(error instanceof SendFailed, String(error))
  const { delivery, retryable, reason, retryAfterMs } = error
  assert.deepEqual(
    { delivery, retryable, reason, retryAfterMs, ...expected },
    { delivery, retryable, reason, retryAfterMs },
  )
  assert.equal(error.cause, undefined)
  return true
}
const notOk = (code: string): Act => answer(200, { ok: false, error: code })

void test('a reply is one post in its thread, escaped, unfurling nothing, marked with a digest of its key', async (context) => {
  const server = await scriptedServer(context)
  server.act(answer(200, { ok: true, ts: '1765000003.000100' }))
  const channel = createSlackChannel({ token, apiUrl: server.url })
  assert.equal(await channel.send(reply), '1765000003.000100')
  const [request, ...others] = server.arrived
  assert.equal(others.length, 0)
  assert.equal(request?.path, '/api/chat.postMessage')
  assert.equal(request.headers.authorization, `Bearer ${token}`)
  const { metadata, ...fields } = Object.fromEntries(new URLSearchParams(request.body))
  assert.deepEqual(fields, {
    channel: 'C1',
    thread_ts: '1765000000.000200',
    text: 'fedora &amp; &lt;co&gt;: 87 % likely',
    unfurl_links: 'false',
    unfurl_media: 'false',
    link_names: 'false',
  })
  assert.match(metadata ?? '', /^\{"event_type":"understudy_reply","event_payload":\{"k":"[0-9a-f]{32}"\}\}$/)
})

void test('every failure is told apart, and none is repeated by the client', async (context) => {
  const server = await scriptedServer(context)
  const page = '<!doctype html><p>what a person wrote</p>'.padEnd(100_000, 'x')
  const table: readonly (readonly [string, Act, Expected])[] = [
    ['a reset after accepting', reset, { delivery: 'unknown', retryable: true }],
    ['a cut body', cut, { delivery: 'unknown', retryable: true }],
    ['an error of the server', answer(500, 'oops'), { delivery: 'unknown', retryable: true, reason: 'http_500' }],
    ['a gateway', answer(503, page), { delivery: 'unknown', retryable: true, reason: 'http_503' }],
    ['a refused request', answer(403, page), { delivery: 'not-sent', retryable: true, reason: 'http_403' }],
    ['a page instead of JSON', answer(200, page), { delivery: 'unknown', retryable: true, reason: 'answer_not_json' }],
    ['an empty page', answer(200, ''), { delivery: 'unknown', retryable: true, reason: 'answer_not_json' }],
    ['null', answer(200, null), { delivery: 'unknown', retryable: true }],
    ['no ok', answer(200, {}), { delivery: 'unknown', retryable: true }],
    ['no ts', answer(200, { ok: true }), { delivery: 'unknown', retryable: true, reason: 'answer_without_ts' }],
    ['a redirect', answer(302, '', { location: '/api/elsewhere' }), { delivery: 'unknown', retryable: true }],
    ['429', answer(429, '', { 'retry-after': '7' }), { delivery: 'not-sent', retryable: true, retryAfterMs: 7_000 }],
    ['429 without a time', answer(429, ''), { delivery: 'not-sent', retryable: true, retryAfterMs: 30_000 }],
    ['429 until a date', answer(429, '', { 'retry-after': 'soon' }), { delivery: 'not-sent', retryAfterMs: 30_000 }],
    ['429 for 0 s', answer(429, '', { 'retry-after': '0' }), { delivery: 'not-sent', retryAfterMs: 1_000 }],
    ['ratelimited', notOk('ratelimited'), { delivery: 'not-sent', retryable: true, retryAfterMs: 30_000 }],
    ['an unknown code', notOk('brand_new_code'), { delivery: 'not-sent', retryable: true, reason: 'brand_new_code' }],
    ...['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout'].map(
      (code) => [code, notOk(code), { delivery: 'unknown', retryable: true, reason: code }] as const,
    ),
    ...['is_archived', 'token_revoked', 'not_in_channel', 'restricted_action_thread_locked', 'missing_scope'].map(
      (code) => [code, notOk(code), { delivery: 'not-sent', retryable: false, reason: code }] as const,
    ),
  ]
  const channel = createSlackChannel({ token, apiUrl: server.url })
  for (const [name, act, expected] of table) {
    server.act(act)
    const before = server.arrived.length
    await context.test(name, () => assert.rejects(channel.send(reply), failure(expected)))
    assert.equal(server.arrived.length - before, 1, `${name}: one request`)
  }
})

void test('a port where nobody listens is certainly not sent', async () => {
  const channel = createSlackChannel({ token, apiUrl: await closedServer() })
  await assert.rejects(channel.send(reply), failure({ delivery: 'not-sent', retryable: true, reason: 'ECONNREFUSED' }))
  const nowhere = createSlackChannel({ token, apiUrl: 'http://nobody.invalid' })
  await assert.rejects(nowhere.send(reply), failure({ delivery: 'not-sent', retryable: true }))
})

void test('no answer and an answer that never ends are given up after 5 s', async (context) => {
  const attempts = [hang, drip].map(async (act) => {
    const server = await scriptedServer(context)
    server.act(act)
    const begun = performance.now()
    const channel = createSlackChannel({ token, apiUrl: server.url })
    await assert.rejects(channel.send(reply), failure({ delivery: 'unknown', retryable: true }))
    assert.ok(performance.now() - begun < 5_800)
    assert.equal(server.arrived.length, 1)
  })
  await Promise.all(attempts)
})

void test('each bot posts with its own token, and one that waits does not hold up the others', async (context) => {
  const server = await scriptedServer(context)
  server.act((response, request) =>
    request.headers.authorization === 'Bearer xoxb-a'
      ? answer(429, '', { 'retry-after': '60' })(response, request)
      : answer(200, { ok: true, ts: '1.1' })(response, request),
  )
  const [a, b] = ['xoxb-a', 'xoxb-b'].map((each) => createSlackChannel({ token: each, apiUrl: server.url }))
  await assert.rejects(async () => a?.send(reply), failure({ retryAfterMs: 60_000 }))
  assert.equal(await b?.send(reply), '1.1')
  await assert.rejects(async () => a?.send(reply), failure({ retryAfterMs: 60_000 }))
})

void test('a reply to another platform is a mistake of ours', async () => {
  const channel = createSlackChannel({ token, apiUrl: 'http://127.0.0.1:9' })
  const elsewhere = { ...reply, address: { kind: 'x-post', accountId: '1', postId: '2' } } as const
  await assert.rejects(async () => channel.send(elsewhere), TypeError)
})
