import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { fetchAs } from '../hosts/fetch-as.ts'
import { refused, slackInTest } from '../test-workspace.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

void test('direct messages are opened once for a bot and a person', async (context) => {
  const { client, call } = await slackInTest(context)
  const { json } = await call('POST /_sim/dm', { bot: 'fedora-finder', user: 'U0ADA' })
  const opened = await client.conversations.open({ users: 'U0ADA' })
  assert.equal(opened.channel?.id, json['channel'])
  assert.match(String(json['channel']), /^D[A-Z0-9]{10}$/)
  await client.chat.postMessage({ channel: String(json['channel']), text: 'hello' })
  await refused(client.conversations.open({ users: 'U0NOBODY' }), 'user_not_found')
  const { channel } = await client.conversations.info({ channel: String(json['channel']) })
  assert.deepEqual([channel?.is_im, (channel as { user?: string } | undefined)?.user], [true, 'U0ADA'])
})

void test('a channel tells its name, and whether the bot is in it and it is archived', async (context) => {
  const { client, call } = await slackInTest(context)
  const info = async () => (await client.conversations.info({ channel: 'C0REVIEWS' })).channel
  assert.deepEqual([(await info())?.name, (await info())?.is_member], ['help-reviews', true])
  await call('POST /_sim/channels', { channel: 'C0REVIEWS', archived: true, left: ['fedora-finder'] })
  assert.deepEqual([(await info())?.is_archived, (await info())?.is_member], [true, false])
  await refused(client.chat.postMessage({ channel: 'C0REVIEWS', text: 'x' }), 'not_in_channel')
  await refused(client.conversations.info({ channel: 'D404' }), 'channel_not_found')
})

void test('a profile has the picture that its person put there, at a host of Slack', async (context) => {
  const { client, call, simulator } = await slackInTest(context)
  const before = await client.users.info({ user: 'U0ADA' })
  assert.equal(before.user?.profile?.is_custom_image, undefined)
  const standard = await fetchAs(simulator.url, before.user?.profile?.image_512 ?? '')
  assert.deepEqual(
    [standard.status, standard.type, (await sharp(standard.body).metadata()).width],
    [200, 'image/png', 512],
  )
  await call('POST /_sim/people', { user: 'U0ADA', name: 'Ada L.', picture: png })
  const { profile } = await client.users.profile.get({ user: 'U0ADA' })
  assert.deepEqual([profile?.real_name, profile?.is_custom_image], ['Ada L.', true])
  assert.match(profile?.image_512 ?? '', /^https:\/\/avatars\.slack-edge\.com\/.*_512\.png$/)
  const shown = await fetchAs(simulator.url, profile?.image_512 ?? '')
  assert.equal((await sharp(shown.body).metadata()).width, 512)
  const original = await fetchAs(simulator.url, profile?.image_original ?? '')
  assert.equal(original.body.toString('base64'), png)
  assert.equal((await fetchAs(simulator.url, 'https://avatars.slack-edge.com/2026-01-01/U0ADA_0_512.png')).status, 404)
  await refused(client.users.info({ user: 'U404' }), 'user_not_found')
})

void test('a file is uploaded in three steps and shared as a message, without saying so in the answer', async (context) => {
  const { client, posts, webhook } = await slackInTest(context)
  const { ts: root = '' } = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'root' })
  const file = Buffer.from(png, 'base64')
  await client.filesUploadV2({
    channel_id: 'C0GENERAL',
    thread_ts: root,
    file,
    filename: 'a.png',
    initial_comment: 'look',
  })
  const post = (await posts('C0GENERAL')).at(-1)
  assert.deepEqual([post?.['text'], post?.['threadTs'], post?.['bot']], ['look', root, 'fedora-finder'])
  const [shared] = post?.['files'] as { id: string; mimetype: string }[]
  assert.equal(shared?.mimetype, 'image/png')
  const info = await client.files.info({ file: shared.id })
  assert.equal(info.file?.size, file.length)
  assert.deepEqual(Object.keys(info.file.shares?.public ?? {}), ['C0GENERAL'])
  const answer = await client.files.getUploadURLExternal({ filename: 'b.png', length: 5 })
  const tooShort = await fetch(answer.upload_url ?? '', { method: 'POST', body: 'abc' })
  assert.equal(tooShort.status, 400)
  const unfinished = { files: [{ id: answer.file_id ?? '' }] as [{ id: string }], channel_id: 'C0GENERAL' }
  await refused(client.files.completeUploadExternal(unfinished), 'file_not_found')
  assert.ok(webhook.received.length > 0)
})
