import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../../domain/channel.ts'
import { ServiceUnavailable } from '../../../domain/errors.ts'
import { type Act, answer, hang, reset, scriptedServer } from '../../../test/support/scripted-server.ts'
import { createXChannel } from '../channel.ts'

const credentials = { consumerKey: 'ck', consumerSecret: 'cs', accessToken: '16-at', accessTokenSecret: 'ats' }
const open = (apiUrl: string) => createXChannel({ credentials, apiUrl })
const since = new Date('2025-12-06T05:46:50.000Z')
const reply: OutgoingReply = {
  key: 'answer:fedora-finder:x:1:reply',
  address: { kind: 'x-post', accountId: '16', postId: '123' },
  text: 'fedora & co: 87 % · 4f2a',
}
const direct: OutgoingReply = {
  ...reply,
  address: { kind: 'x-direct', accountId: '16', participantId: '42', messageId: '7' },
}
const list = (data: readonly object[], meta: object = {}): Act =>
  answer(200, { data, meta: { result_count: data.length, ...meta } })
const answers = (id: string, target: string, text = reply.text) => ({
  id,
  text,
  created_at: '2025-12-06T05:46:51.000Z',
  referenced_tweets: [{ type: 'replied_to', id: target }],
})
const sent = {
  id: '900',
  event_type: 'MessageCreate',
  text: 'fedora &amp; co: 87 % · 4f2a',
  sender_id: '16',
  created_at: '2025-12-06T05:46:51.000Z',
}

void test('an earlier post is found by what it answers', async (context) => {
  const server = await scriptedServer(context)
  server.act(list([answers('800', '999'), answers('801', '123', '@asker fedora &amp; co: 87 % · 4f2a')]))
  assert.equal(await open(server.url).find(reply, since), '801')
  const url = new URL(server.arrived[0]?.path ?? '', 'https://api.x.com')
  assert.equal(url.pathname, '/2/users/16/tweets')
  assert.equal(url.searchParams.get('since_id'), '123')
  server.act(list([{ ...answers('802', '123'), referenced_tweets: [{ type: 'quoted', id: '123' }] }]))
  assert.equal(await open(server.url).find(reply, since), undefined)
  server.act(answer(200, { meta: { result_count: 0 } }))
  assert.equal(await open(server.url).find(reply, since), undefined)
})

void test('an earlier post is looked for on every page back to the attempt', async (context) => {
  const server = await scriptedServer(context)
  server.act((response, request) => {
    const second = request.path.includes('pagination_token=n2')
    const page = second ? list([answers('801', '123')]) : list([answers('900', '999')], { next_token: 'n2' })
    page(response, request)
  })
  assert.equal(await open(server.url).find(reply, since), '801')
  const before = { ...answers('700', '999'), created_at: '2025-12-06T05:46:44.000Z' }
  server.act(list([before], { next_token: 'n2' }))
  assert.equal(await open(server.url).find(reply, since), undefined)
})

void test('an earlier direct message is found by its text, from us, since the attempt', async (context) => {
  const server = await scriptedServer(context)
  server.act(list([{ ...sent, id: '901', sender_id: '42' }, sent]))
  assert.equal(await open(server.url).find(direct, since), '900')
  assert.match(server.arrived[0]?.path ?? '', /^\/2\/dm_conversations\/with\/42\/dm_events\?/)
  for (const change of [{ text: 'fedora · 0000' }, { sender_id: '42' }, { created_at: '2025-12-06T05:46:44.000Z' }]) {
    server.act(list([{ ...sent, ...change }]))
    assert.equal(await open(server.url).find(direct, since), undefined)
  }
})

void test('"not there" is never said without having seen everything', async (context) => {
  const server = await scriptedServer(context)
  const acts: readonly Act[] = [
    answer(500, ''),
    answer(200, '<html>'),
    answer(200, { errors: [{ type: 'about:blank' }] }),
    answer(401, {}),
    answer(404, {}),
    list([answers('800', '999')], { next_token: 'again' }),
    reset,
    hang,
  ]
  for (const act of acts) {
    server.act(act)
    await assert.rejects(open(server.url).find(reply, since), ServiceUnavailable)
  }
  server.act(answer(429, {}, { 'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 60) }))
  await assert.rejects(
    open(server.url).find(direct, since),
    (error) => error instanceof ServiceUnavailable && (error.retryAfterMs ?? 0) > 50_000,
  )
})
