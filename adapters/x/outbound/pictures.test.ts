import type { ReplyAddress } from '../../../domain/address.ts'
import type { PictureDownload, PictureRequest } from '../../../domain/channel.ts'
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { InputRefused, ServiceUnavailable } from '../../../domain/errors.ts'
import type { InboundMessage, PictureRef } from '../../../domain/inbound.ts'
import { answer, scriptedServer } from '../../../test/support/scripted-server.ts'
import { createXChannel } from '../channel.ts'

const credentials = { consumerKey: 'ck', consumerSecret: 'c s', accessToken: '16-at', accessTokenSecret: 'a/ts' }
const open = (apiUrl = 'http://127.0.0.1:1') => createXChannel({ credentials, apiUrl })
const onPost: ReplyAddress = { kind: 'x-post', accountId: '16', postId: '123' }
const onDirect: ReplyAddress = { kind: 'x-direct', accountId: '16', participantId: '42', messageId: '7' }
const messageWith = (pictures: readonly PictureRef[], address: ReplyAddress = onPost): InboundMessage => ({
  bot: 'fedora-finder',
  channel: 'x',
  businessKey: 'fedora-finder.123',
  authorId: '42',
  address,
  text: '',
  pictures,
  sentAt: '2025-12-06T05:46:40.000Z',
})
const refusal = (code: string) => (error: unknown) => error instanceof InputRefused && error.refusal === code
const photo = (key: string, url?: string) => ({ media_key: key, type: 'photo', url })

const downloadsOf = async (found: Promise<readonly PictureRequest[]>) => (await found) as readonly PictureDownload[]

void test('a picture of a post is public, so nothing is presented for it', async () => {
  const url = 'https://pbs.twimg.com/media/a.jpg?name=large'
  assert.deepEqual(await open().picturesOf(messageWith([{ id: '3_1', url }])), [{ url, headers: {} }])
})

void test("a picture of a direct message is fetched with the account's signature for that address", async () => {
  const url = 'https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg'
  const [request] = await downloadsOf(open().picturesOf(messageWith([{ id: '1', url }], onDirect)))
  assert.equal(request?.url, url)
  const fields = Object.fromEntries(
    Array.from((request.headers['authorization'] ?? '').matchAll(/(\w+)="([^"]*)"/g), ([, key, value]) => [
      key ?? '',
      decodeURIComponent(value ?? ''),
    ]),
  )
  const { oauth_signature: signature, ...signed } = fields
  const parameters = Object.entries(signed)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const base = ['GET', url, parameters].map(encodeURIComponent).join('&')
  assert.equal(signature, createHmac('sha1', 'c%20s&a%2Fts').update(base).digest('base64'))
})

void test('no other address is fetched, so no other host gets a signature', async () => {
  const addresses = [
    'http://pbs.twimg.com/a',
    'https://pbs.twimg.com:8443/a',
    'https://pbs.twimg.com@evil.example/a',
    'https://a:b@ton.twitter.com/a',
    'https://ton.twitter.com/a?%zz',
    'https://ton.twitter.com.evil.example/a',
    'https://evilton.twitter.com/a',
    'https://127.0.0.1/a',
    'file:///etc/passwd',
    'a',
  ]
  for (const url of addresses)
    await assert.rejects(open().picturesOf(messageWith([{ id: '1', url }])), refusal('forbidden-address'), url)
})

void test('addresses that the event left out are asked for once, and what is no photo is left out', async (context) => {
  const server = await scriptedServer(context)
  const media = [
    photo('3_2', 'https://pbs.twimg.com/media/b.jpg'),
    { media_key: '7_3', type: 'video' },
    photo('3_4', 'https://pbs.twimg.com/media/d.jpg'),
  ]
  server.act(answer(200, { data: { id: '123' }, includes: { media } }))
  const given = { id: '3_1', url: 'https://pbs.twimg.com/media/a.jpg' }
  const found = await downloadsOf(
    open(server.url).picturesOf(messageWith([given, { id: '7_3' }, { id: '3_4' }, { id: '3_2' }])),
  )
  assert.deepEqual(
    found.map(({ url }) => url.slice(-5)),
    ['a.jpg', 'd.jpg', 'b.jpg'],
  )
  assert.equal(server.arrived.length, 1)
  const asked = new URL(server.arrived[0]?.path ?? '', 'https://api.x.com')
  assert.equal(asked.pathname, '/2/tweets/123')
  assert.equal(asked.searchParams.get('expansions'), 'attachments.media_keys')
  await open(server.url).picturesOf(messageWith([{ id: '2' }], onDirect))
  assert.match(server.arrived[1]?.path ?? '', /^\/2\/dm_events\/7\?/)
})

void test('a post that is no more is told from one that cannot be asked for', async (context) => {
  const server = await scriptedServer(context)
  const pictures = messageWith([{ id: '3_1' }])
  const gone = [
    answer(404, {}),
    answer(200, { errors: [{ type: 'https://api.twitter.com/2/problems/resource-not-found' }] }),
    answer(200, { data: { id: '123' } }),
  ]
  for (const act of gone) {
    server.act(act)
    await assert.rejects(open(server.url).picturesOf(pictures), refusal('gone'))
  }
  const unavailable = [
    answer(503, '<html>'),
    answer(200, '<html>'),
    answer(401, {}),
    answer(200, { errors: [{ type: 'about:blank' }] }),
    answer(200, { data: { id: '123' }, includes: { media: [photo('3_1')] } }),
  ]
  for (const act of unavailable) {
    server.act(act)
    await assert.rejects(open(server.url).picturesOf(pictures), ServiceUnavailable)
  }
})
