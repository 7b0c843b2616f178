import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ApiResponseError } from 'twitter-api-v2'
import { request } from 'undici'
import { control, eventually } from '../wire/webhook-double.ts'
import { createXSimulator } from './simulator.ts'
import { dataOf, xInTest } from './test-network.ts'

const acceptedTexts = async (folder: string) =>
  (await readFile(join(folder, 'accepted.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text?: string }).text)
const refusedWith = (status: number, detail: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiResponseError, String(error))
  assert.equal(error.code, status)
  assert.match(JSON.stringify(error.data), detail)
  return true
}
const png = Buffer.from('\x89PNG\r\n\x1a\n-a-picture', 'latin1').toString('base64')

void test('pictures of posts are public, and their address can be left out of the event', async (context) => {
  const { events, post, client, call, simulator } = await xInTest(context)
  const media = [{ name: 'hat.png', base64: png }]
  const { json: made } = await post('@FedoraFinder this', { media, mediaUrls: false, wait: true })
  const [event] = events().map(dataOf)
  assert.deepEqual(event?.payload['attachments'], { media_keys: made['media'] })
  assert.equal(event.includes.media?.[0]?.['url'], undefined)
  const found = await client.v2.singleTweet(String(made['id']), {
    expansions: ['attachments.media_keys'],
    'media.fields': ['url', 'type'],
  })
  const url = new URL(found.includes?.media?.[0]?.url ?? '')
  assert.equal(url.host, 'pbs.twimg.com')
  const get = () => hosted(simulator.url, url)
  assert.deepEqual(await get(), { status: 200, base64: png })
  await call('POST /_sim/media', { postId: made['id'], gone: true })
  assert.equal((await get()).status, 404)
})

/** As the downloader does it: to the simulator, with the Host of the platform. */
async function hosted(base: string, url: URL) {
  const { statusCode: status, body } = await request(base + url.pathname, { headers: { host: url.host } })
  return { status, base64: Buffer.from(await body.arrayBuffer()).toString('base64') }
}

void test('a direct message has the v1.1 shape, and its picture needs a signature', async (context) => {
  const { events, client, clientWith, call, simulator } = await xInTest(context)
  const media = [{ name: 'my hat.png', base64: png }]
  const { json: made } = await call('POST /_sim/messages', {
    from: 'ada',
    to: 'fedora-finder',
    text: 'this?',
    media,
    wait: true,
  })
  const [received] = events().map(dataOf)
  assert.equal(received?.event_type, 'dm.received')
  const [message] = received.payload['direct_message_events'] as {
    id: string
    message_create: {
      sender_id: string
      message_data: { text: string; attachment: { media: { media_url_https: string } } }
    }
  }[]
  assert.ok(message)
  assert.deepEqual([message.id, message.message_create.message_data.text], [made['id'], 'this?'])
  const url = message.message_create.message_data.attachment.media.media_url_https
  assert.match(url, new RegExp(`^https://ton\\.twitter\\.com/1\\.1/ton/data/dm/${message.id}/\\d+/my_hat\\.png$`))
  assert.equal((await client.v1.downloadDmImage(url)).toString('base64'), png)
  await assert.rejects(clientWith('wrong').v1.downloadDmImage(url))
  assert.equal((await hosted(simulator.url, new URL(url))).status, 401)
  const sender = message.message_create.sender_id
  const path = `dm_conversations/with/${sender}/messages`
  const { data: sent } = await client.v2.post<{ data: { dm_event_id: string } }>(path, { text: 'a fedora' })
  const listed = await client.v2.listDmEventsWithParticipant(sender, { 'dm_event.fields': ['sender_id', 'text'] })
  assert.deepEqual(
    listed.events.map(({ id }) => id),
    [sent.dm_event_id, made['id']],
  )
  await eventually(() => events().length === 2)
  assert.equal(dataOf(events()[1] ?? { body: Buffer.alloc(0) }).event_type, 'dm.sent')
  const { json: both } = await call('GET /_sim/messages?account=ada')
  assert.deepEqual(
    (both['messages'] as { from: string }[]).map(({ from }) => from),
    ['ada', 'FedoraFinder'],
  )
})

void test('a person who has not written first gets no direct message', async (context) => {
  const { client, call, post, dataFolder } = await xInTest(context)
  await post('@FedoraFinder hi')
  const { json: network } = await call('POST /_sim/messages', { from: 'bob', to: 'fedora-finder', text: 'hi' })
  const { json: posts } = await call('GET /_sim/posts')
  const ada = (posts['posts'] as { authorId: string }[])[0]?.authorId ?? ''
  const send = (to: string) => client.v2.post(`dm_conversations/with/${to}/messages`, { text: 'hello' })
  await assert.rejects(send(ada), refusedWith(403, /permission to DM/))
  assert.deepEqual(await acceptedTexts(dataFolder), [])
  const found = await client.v2.get<{ data: { sender_id: string } }>(`dm_events/${String(network['id'])}`, {
    'dm_event.fields': 'sender_id',
  })
  await send(found.data.sender_id)
  assert.deepEqual(await acceptedTexts(dataFolder), ['hello'])
})

void test('posts are refused as X refuses them, and nothing of them is kept', async (context) => {
  const { client, post, dataFolder } = await xInTest(context)
  const { json: summoned } = await post('@FedoraFinder hi')
  const { json: other } = await post('nobody was asked')
  const inReplyTo = (id: unknown) => ({ reply: { in_reply_to_tweet_id: String(id) } })
  await client.v2.tweet('once', inReplyTo(summoned['id']))
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, number, RegExp])[] = [
    [
      { text: 'once', ...inReplyTo(summoned['id']) },
      403,
      /^\{"detail":"You are not allowed to create a Tweet with duplicate content\.","type":"about:blank","title":"Forbidden","status":403\}$/,
    ],
    [{ text: 'unasked', ...inReplyTo(other['id']) }, 403, /not been mentioned/],
    [{ text: 'to nothing', ...inReplyTo('1') }, 403, /deleted or not visible/],
    [{ text: 'x'.repeat(281) }, 400, /too long/],
    [{ text: 'x', idempotency_key: 'k' }, 400, /idempotency_key: is not defined/],
    [{ text: 'x', reply: { in_reply_to_tweet_id: '1', key: 'k' } }, 400, /reply\.key: is not defined/],
    [{ text: '' }, 400, /missing/],
  ]
  for (const [body, status, detail] of cases)
    await assert.rejects(client.v2.post('tweets', body), refusedWith(status, detail))
  assert.deepEqual(await acceptedTexts(dataFolder), ['once'])
})

void test('own recent posts are found by what they reply to, newest first', async (context) => {
  const { client, post, call } = await xInTest(context)
  const { json: asked } = await post('@FedoraFinder hi')
  const id = String(asked['id'])
  const since = await client.v2.tweet('before')
  const first = await client.v2.reply('one', id)
  const second = await client.v2.reply('two', id)
  const found = await client.v2.userTimeline('900', {
    since_id: since.data.id,
    max_results: 5,
    'tweet.fields': ['referenced_tweets'],
  })
  assert.deepEqual(
    found.data.data.map((one) => [one.id, one.referenced_tweets?.[0]?.id]),
    [
      [second.data.id, id],
      [first.data.id, id],
    ],
  )
  await client.v2.deleteTweet(second.data.id)
  const { json: visible } = await call('GET /_sim/posts?account=FedoraFinder')
  assert.deepEqual(
    (visible['posts'] as { text: string }[]).map(({ text }) => text),
    ['before', 'one'],
  )
  assert.ok(BigInt(second.data.id) > BigInt(first.data.id))
})

void test('faults store first and fail then; refusing ones store nothing', async (context) => {
  const { client, call, dataFolder } = await xInTest(context)
  const send = (text: string) => client.v2.post('tweets', { text }, { timeout: 2_000 })
  for (const [method, kind] of [
    ['POST /2/tweets', 'timeout_after_accept'],
    ['tweets', 'reset_after_accept'],
  ] as const) {
    await call('POST /_sim/faults', { method, kind })
    await assert.rejects(send(kind))
    await assert.rejects(send(kind), refusedWith(403, /duplicate/))
  }
  await call('POST /_sim/faults', { method: 'tweets', kind: 'rate_limited', retryAfter: 3 })
  await assert.rejects(send('limited'), (error: ApiResponseError) => {
    assert.equal(error.code, 429)
    assert.ok(Math.abs((error.rateLimit?.reset ?? 0) - Date.now() / 1000 - 3) < 2)
    return true
  })
  await call('POST /_sim/faults', { method: 'tweets', kind: 'html', status: 503 })
  await assert.rejects(send('page'), { code: 503 })
  assert.deepEqual(await acceptedTexts(dataFolder), ['timeout_after_accept', 'reset_after_accept'])
  const concrete = { method: 'POST /2/dm_conversations/with/123/messages', kind: 'status' }
  assert.equal((await call('POST /_sim/faults', concrete)).status, 200)
  assert.equal((await call('POST /_sim/faults', { method: 'nothing', kind: 'status' })).status, 400)
  assert.equal((await call('POST /_sim/faults', { method: 'tweets', kind: 'ok_false' })).status, 400)
})

void test('limits, once turned on, are told in headers and kept', async (context) => {
  const { client, call } = await xInTest(context)
  await call('POST /_sim/limits', { enabled: true, limits: { me: 1 } })
  await client.v2.me()
  await assert.rejects(client.v2.me(), (error: ApiResponseError) => {
    assert.deepEqual([error.code, error.rateLimit?.limit, error.rateLimit?.remaining], [429, 1, 0])
    return true
  })
})

void test('the limits of 24 hours are told beside the others, and those of an app and a user bite alike', async (context) => {
  const { client, call } = await xInTest(context)
  for (const of of ['userDay', 'appDay'] as const) {
    await call('POST /_sim/limits', { enabled: true, [of]: { me: 1 }, dayMs: 60_000 })
    await client.v2.me()
    await assert.rejects(client.v2.me(), ({ code, rateLimit }: ApiResponseError) => {
      const day = of === 'userDay' ? rateLimit?.userDay : rateLimit?.day
      assert.deepEqual([code, rateLimit?.remaining, day?.limit, day?.remaining], [429, 74, 1, 0])
      assert.ok(Math.abs((day?.reset ?? 0) - Date.now() / 1000 - 60) < 3)
      return true
    })
  }
})

void test('calls in a closed window are counted, and those of a client that knew better apart from them', async (context) => {
  const { client, call } = await xInTest(context)
  const calls = async () => (await call('GET /_sim/limits')).json['calls']
  await call('POST /_sim/limits', { enabled: true, limits: { me: 0 } })
  assert.deepEqual(await calls(), [])
  for (let times = 0; times < 3; times += 1) await assert.rejects(client.v2.me(), { code: 429 })
  const count = { name: 'me', account: '900' }
  // Before the first 429 nobody could know.
  assert.deepEqual(await calls(), [{ ...count, taken: 0, refused: 3, insisted: 2 }])
  await call('POST /_sim/limits', { enabled: true, limits: { me: 1 } })
  await client.v2.me()
  // The answer said that nothing was left.
  await assert.rejects(client.v2.me(), { code: 429 })
  assert.deepEqual(await calls(), [{ ...count, taken: 1, refused: 1, insisted: 1 }])
})

void test('what was visible is visible after a restart, and a reset forgets it', async (context) => {
  const { app, client, post, call, simulator, dataFolder } = await xInTest(context)
  const { json: asked } = await post('@FedoraFinder hi', { media: [{ name: 'a.png', base64: png }] })
  const reply = await client.v2.reply('a fedora', String(asked['id']))
  await call('POST /_sim/messages', { from: 'ada', to: '@FedoraFinder', text: 'hi' })
  const before = await Promise.all(['posts', 'messages'].map((what) => call(`GET /_sim/${what}`)))
  await simulator.close()
  const again = await createXSimulator({ port: 0, dataFolder, apps: [app] })
  context.after(again.close)
  const after = await Promise.all(['posts', 'messages'].map((what) => control(again.url, `GET /_sim/${what}`)))
  assert.deepEqual(after, before)
  const { json: later } = await control(again.url, 'POST /_sim/posts', { author: 'ada', text: 'later' })
  assert.ok(BigInt(String(later['id'])) > BigInt(reply.data.id))
  await control(again.url, 'POST /_sim/reset', {})
  assert.deepEqual((await control(again.url, 'GET /_sim/posts')).json, { posts: [] })
})
