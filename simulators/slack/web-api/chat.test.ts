import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '../../wire/webhook-double.ts'
import { refused, slackInTest } from '../test-workspace.ts'

const channel = 'C0GENERAL'
const eventOf = (body: Buffer) => (JSON.parse(body.toString()) as { event: Record<string, unknown> }).event
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const section = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'hello' } }

void test('an ephemeral message is seen by one person, in no history, and is no event', async (context) => {
  const { client, posts, webhook } = await slackInTest(context)
  const sent = await client.chat.postEphemeral({ channel, user: 'U0BEN', text: 'for you', blocks: [section] })
  const [post] = await posts(channel)
  assert.deepEqual(
    [post?.['ts'], post?.['ephemeral'], post?.['user'], post?.['bot'], (post?.['blocks'] as unknown[]).length],
    [sent.message_ts, true, 'U0BEN', 'fedora-finder', 1],
  )
  assert.deepEqual((await client.conversations.history({ channel })).messages, [])
  await refused(client.conversations.replies({ channel, ts: sent.message_ts ?? '' }), 'thread_not_found')
  await refused(client.chat.postEphemeral({ channel, user: 'U0NOBODY', text: 'x' }), 'user_not_in_channel')
  assert.equal(webhook.received.length, 0)
})

void test('an update replaces text and blocks as Slack does, and tells message_changed', async (context) => {
  const { client, posts, webhook } = await slackInTest(context)
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'one', blocks: [section] })
  const last = async () => (await posts(channel))[0]
  await client.apiCall('chat.update', { channel, ts, blocks: [section, section] })
  assert.deepEqual([(await last())?.['text'], ((await last())?.['blocks'] as unknown[]).length], ['one', 2])
  await client.chat.update({ channel, ts, text: 'two' })
  assert.deepEqual([(await last())?.['text'], (await last())?.['blocks']], ['two', undefined])
  await refused(client.chat.update({ channel, ts, text: 'x'.repeat(4001) }), 'msg_too_long')
  await eventually(() => webhook.received.length === 3)
  const changed = webhook.received.map(({ body }) => eventOf(body)).at(-1)
  const [now, before] = [changed?.['message'], changed?.['previous_message']] as Record<string, unknown>[]
  assert.deepEqual([changed?.['subtype'], now?.['text'], before?.['text']], ['message_changed', 'two', 'one'])
  assert.equal((now?.['edited'] as { user: string }).user, 'U0BOT')
  assert.equal((before?.['blocks'] as unknown[]).length, 2)
})

void test('a message is deleted by its author only, and that is an event', async (context) => {
  const { client, posts, webhook, say } = await slackInTest(context)
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'one' })
  const asked = await say('hello', { channel })
  await refused(client.chat.delete({ channel, ts: String(asked.json['ts']) }), 'cant_delete_message')
  await client.chat.delete({ channel, ts })
  assert.equal((await posts(channel)).length, 1)
  await refused(client.chat.update({ channel, ts, text: 'x' }), 'message_not_found')
  await eventually(() => webhook.received.some(({ body }) => eventOf(body)['subtype'] === 'message_deleted'))
})

void test('a message has an address, and reactions once each', async (context) => {
  const { client, posts } = await slackInTest(context)
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'one' })
  const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts })
  assert.equal(permalink, `https://t0team.slack.com/archives/C0GENERAL/p${ts.replace('.', '')}`)
  assert.equal((await posts(channel))[0]?.['permalink'], permalink)
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' })
  await refused(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }), 'already_reacted')
  const { messages } = await client.conversations.history({ channel })
  assert.deepEqual(messages?.[0]?.reactions, [{ name: 'eyes', users: ['U0BOT'], count: 1 }])
})

void test('blocks beyond a limit are refused with a pointer, blocks at it are not', async (context) => {
  const { client } = await slackInTest(context)
  const post = (blocks: readonly unknown[]) => client.apiCall('chat.postMessage', { channel, text: 'x', blocks })
  const button = (text: string, more = {}) => ({ type: 'button', text: plain(text), ...more })
  const actions = (...elements: readonly unknown[]) => ({ type: 'actions', elements })
  const words = (length: number) => 'x'.repeat(length)
  const table = [
    [[{ ...section, text: plain(words(3000)) }], [{ ...section, text: plain(words(3001)) }]],
    [[{ type: 'header', text: plain(words(150)) }], [{ type: 'header', text: plain(words(151)) }]],
    [Array(50).fill(section), Array(51).fill(section)],
    [[actions(button(words(75)))], [actions(button(words(76)))]],
    [[actions(button('x', { value: words(2000) }))], [actions(button('x', { value: words(2001) }))]],
    [[actions(...Array<unknown>(25).fill(button('x')))], [actions(...Array<unknown>(26).fill(button('x')))]],
    [[{ ...section, block_id: words(255) }], [{ ...section, block_id: words(256) }]],
    [
      [{ type: 'context', elements: Array(10).fill(plain('x')) }],
      [{ type: 'context', elements: Array(11).fill(plain('x')) }],
    ],
    [[{ type: 'image', image_url: 'https://pictures.example/1.png', alt_text: '' }], [{ type: 'image', alt_text: '' }]],
    [[{ type: 'section', fields: [plain('x')] }], [{ type: 'section' }]],
    [[section], [{ ...section, text: plain('') }]],
    [[section], [{ ...section, surprise: 1 }]],
    [
      [section],
      [
        { ...section, block_id: 'a' },
        { ...section, block_id: 'a' },
      ],
    ],
    [[section], [actions(button('x', { action_id: 'a' }), button('y', { action_id: 'a' }))]],
  ] as const
  for (const [right, wrong] of table) {
    await post(right)
    await refused(post(wrong), 'invalid_blocks')
  }
  await refused(client.apiCall('chat.postMessage', { channel, blocks: { type: 'divider' } }), 'invalid_blocks_format')
  const markdown = { type: 'markdown', text: words(7000) }
  await refused(post([markdown, markdown]), 'msg_blocks_too_long')
})

void test('a block shows a file of the workspace only while it is one that the bot may see and Slack can show', async (context) => {
  const { client, call, say, posts } = await slackInTest(context)
  const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')
  const asked = await say('look', {
    channel,
    files: [
      { name: 'a.png', base64: png },
      { name: 'b.webp', base64: png, mimetype: 'image/webp' },
      { name: 'c.png', base64: png, scope: 'missing' },
      { name: 'unscanned.png', base64: png, mimetype: '' },
    ],
  })
  const [shown = '', webp = '', hidden = '', unscanned = ''] = asked.json['files'] as readonly string[]
  const show = (id: string) =>
    client.chat.postMessage({ channel, text: 'this', blocks: [{ type: 'image', slack_file: { id }, alt_text: 'a' }] })
  await show(shown)
  await show(unscanned)
  assert.deepEqual((await posts(channel)).filter(({ blocks }) => blocks).length, 2)
  for (const id of [webp, hidden, 'F0NOBODY']) await refused(show(id), 'invalid_blocks')
  await call('POST /_sim/files', { id: shown, gone: true })
  await refused(show(shown), 'invalid_blocks')
})

void test('a person’s id in a channel’s place names the direct messages with them', async (context) => {
  const { client, posts } = await slackInTest(context)
  const { channel: direct = '' } = await client.chat.postMessage({ channel: 'U0ADA', text: 'for you' })
  const { channel: opened } = await client.conversations.open({ users: 'U0ADA' })
  assert.equal(direct, opened?.id)
  assert.equal((await posts(direct))[0]?.['text'], 'for you')
  await refused(client.chat.postMessage({ channel: 'U0NOBODY', text: 'x' }), 'channel_not_found')
})

void test('every write of a bot is in the log of accepted writes, by its method', async (context) => {
  const { client, dataFolder } = await slackInTest(context)
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'one' })
  await client.chat.postEphemeral({ channel, user: 'U0ADA', text: 'two' })
  await client.chat.update({ channel, ts, text: 'three' })
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' })
  await client.chat.delete({ channel, ts })
  await client.conversations.open({ users: 'U0ADA' })
  const log = await readFile(join(dataFolder, 'accepted.jsonl'), 'utf8')
  const methods = log
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { method: string }).method)
  assert.deepEqual(methods, [
    'chat.postMessage',
    'chat.postEphemeral',
    'chat.update',
    'reactions.add',
    'chat.delete',
    'conversations.open',
  ])
})
