import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../../domain/channel.ts'
import { type Act, answer, scriptedServer } from '../../../test/support/scripted-server.ts'
import { createSlackChannel } from '../channel.ts'

const question: OutgoingReply = {
  key: 'question:1',
  address: { kind: 'slack-channel', team: 'T1', channelId: 'C0PEOPLE' },
  text: 'Is it <one>?',
  offers: [{ kind: 'buttons', prediction: 'p', prompt: '', labels: [{ id: 'one', words: 'one' }] }],
  about: { source: { channelId: 'C1', messageId: '1.000001' }, fileId: 'F1' },
}
const permalink = 'https://t1.slack.com/archives/C1/p1000001?thread_ts=1.0&cid=C1'
const linked = answer(200, { ok: true, permalink })
const posted = answer(200, { ok: true, ts: '2.0' })
const notOk = (error: string): Act => answer(200, { ok: false, error })

/** Sends the question to a Slack that tells the link so, and answers one post after the other so. */
async function sent(context: Parameters<typeof scriptedServer>[0], link: Act, posts: readonly Act[]) {
  const server = await scriptedServer(context)
  const left = [...posts]
  server.act((response, request) => {
    const act = request.path === '/api/chat.postMessage' ? left.shift() : link
    act?.(response, request)
  })
  const id = await createSlackChannel({ token: 't', apiUrl: server.url }).send(question)
  const bodies = server.arrived.filter(({ path }) => path === '/api/chat.postMessage').map(({ body }) => body)
  const blocks = bodies.map((body) => {
    const fields = new URLSearchParams(body)
    return JSON.parse(fields.get('blocks') ?? '[]') as readonly { readonly type: string }[]
  })
  return { id, blocks, looks: blocks.map((each) => each.map(({ type }) => type).join()) }
}

void test('a question shows the picture, a link to where it was asked, and the buttons', async (context) => {
  const { id, blocks, looks } = await sent(context, linked, [posted])
  assert.equal(id, '2.0')
  assert.deepEqual(looks, ['section,image,context,actions'])
  assert.deepEqual(blocks[0]?.[1], { type: 'image', slack_file: { id: 'F1' }, alt_text: 'the picture in question' })
  assert.match(JSON.stringify(blocks.at(0)?.[2]), /<https:\/\/t1\.slack\.com\/[^|>]+&amp;cid=C1\|Where it was asked>/)
})

void test('a picture that Slack does not show costs neither the buttons nor the link; blocks that it does not take, no text', async (context) => {
  const withoutPicture = await sent(context, linked, [notOk('invalid_blocks'), posted])
  assert.deepEqual(withoutPicture.looks, ['section,image,context,actions', 'section,context,actions'])
  const plain = await sent(context, linked, [notOk('invalid_blocks'), notOk('invalid_blocks_format'), posted])
  assert.deepEqual(plain.looks.at(-1), '')
})

void test('a link that Slack does not tell is left out', async (context) => {
  const { looks } = await sent(context, notOk('channel_not_found'), [posted])
  assert.deepEqual(looks, ['section,image,actions'])
})

void test('a failure that has nothing to do with the blocks is not tried in another look', async (context) => {
  await assert.rejects(sent(context, linked, [notOk('is_archived'), posted]), { reason: 'is_archived' })
})
