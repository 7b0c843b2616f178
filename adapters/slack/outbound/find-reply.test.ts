import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../../domain/channel.ts'
import { ServiceUnavailable } from '../../../domain/errors.ts'
import { createSlackChannel } from '../channel.ts'
import { type Act, answer, hang, scriptedServer } from '../../../test/support/scripted-server.ts'

const since = new Date('2025-12-06T05:46:50.000Z')
const reply: OutgoingReply = {
  key: 'answer:fedora-finder:slack:T1.C1.1:reply',
  address: { kind: 'slack-thread', team: 'T1', channelId: 'C1', threadTs: '1765000000.000200' },
  text: 'fedora',
}
const messages = (list: readonly object[], more: object = {}): Act => answer(200, { ok: true, messages: list, ...more })
const other = { ts: '1765000001.000100', text: 'hello', metadata: null }

async function marked(server: Awaited<ReturnType<typeof scriptedServer>>, key = reply.key) {
  server.act(answer(200, { ok: true, ts: '1765000011.000100' }))
  await createSlackChannel({ token: 't', apiUrl: server.url }).send({ ...reply, key })
  const metadata: unknown = JSON.parse(new URLSearchParams(server.arrived.at(-1)?.body).get('metadata') ?? '')
  return { ts: '1765000011.000100', metadata }
}

void test('an earlier attempt is found by its key, in the thread, from 5 s before it', async (context) => {
  const server = await scriptedServer(context)
  const ours = await marked(server)
  server.act(messages([other, ours]))
  const channel = createSlackChannel({ token: 't', apiUrl: server.url })
  assert.equal(await channel.find(reply, since), ours.ts)
  assert.equal(server.arrived.at(-1)?.path, '/api/conversations.replies')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(server.arrived.at(-1)?.body)), {
    channel: 'C1',
    ts: '1765000000.000200',
    oldest: '1765000005.000000',
    include_all_metadata: 'true',
    limit: '100',
  })
})

void test('a look that Slack will never allow is told from one that can be repeated', async (context) => {
  const server = await scriptedServer(context)
  const channel = createSlackChannel({ token: 't', apiUrl: server.url })
  for (const error of ['missing_scope', 'token_revoked', 'channel_not_found', 'not_in_channel']) {
    server.act(answer(200, { ok: false, error }))
    await assert.rejects(channel.find(reply, since), { code: 'SendFailed', delivery: 'unknown', retryable: false })
  }
  for (const act of [answer(200, { ok: false, error: 'internal_error' }), answer(503, '')]) {
    server.act(act)
    await assert.rejects(channel.find(reply, since), ServiceUnavailable)
  }
})

void test('replies of other messages, and of other apps with the same key, are not it', async (context) => {
  const server = await scriptedServer(context)
  const ours = await marked(server)
  const theirs = { ts: '2.2', metadata: { event_type: 'something_else', event_payload: { k: reply.key } } }
  server.act(messages([await marked(server, 'another key'), theirs, { ts: '3.3', metadata: 'odd' }]))
  server.act(messages([theirs, { ...ours, metadata: { event_type: 'understudy_reply' } }]))
  assert.equal(await createSlackChannel({ token: 't', apiUrl: server.url }).find(reply, since), undefined)
})

void test('it is looked for on every page', async (context) => {
  const server = await scriptedServer(context)
  const ours = await marked(server)
  server.act((response, request) => {
    const second = new URLSearchParams(request.body).get('cursor') === 'c2'
    const page = second
      ? messages([ours])
      : messages([other], { has_more: true, response_metadata: { next_cursor: 'c2' } })
    page(response, request)
  })
  assert.equal(await createSlackChannel({ token: 't', apiUrl: server.url }).find(reply, since), ours.ts)
})

void test('it is looked for in the channel when the thread is no more', async (context) => {
  const server = await scriptedServer(context)
  const ours = await marked(server)
  server.act((response, request) => {
    const gone = request.path.endsWith('replies')
    const act = gone ? answer(200, { ok: false, error: 'thread_not_found' }) : messages([ours])
    act(response, request)
  })
  assert.equal(await createSlackChannel({ token: 't', apiUrl: server.url }).find(reply, since), ours.ts)
})

void test('"not there" is never said without having seen everything', async (context) => {
  const server = await scriptedServer(context)
  const channel = createSlackChannel({ token: 't', apiUrl: server.url })
  const acts: readonly Act[] = [
    answer(500, ''),
    answer(200, '<html>'),
    answer(200, { ok: true }),
    answer(200, { ok: false, error: 'service_unavailable' }),
    messages([other], { has_more: true }),
    messages([other], { has_more: true, response_metadata: { next_cursor: 'again' } }),
    hang,
  ]
  for (const act of acts) {
    server.act(act)
    await assert.rejects(channel.find(reply, since), ServiceUnavailable)
  }
  server.act(answer(429, '', { 'retry-after': '9' }))
  await assert.rejects(
    channel.find(reply, since),
    (error) => error instanceof ServiceUnavailable && error.retryAfterMs === 9_000,
  )
})
