import assert from 'node:assert/strict'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { control, eventually } from '../wire/webhook-double.ts'
import { createSlackSimulator } from './simulator.ts'
import { slackInTest } from './test-workspace.ts'

const eventOf = (body: Buffer) => (JSON.parse(body.toString()) as { event: Readonly<Record<string, unknown>> }).event
const acceptedLines = async (folder: string) =>
  (await readFile(join(folder, 'accepted.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)

void test('the real client posts a reply, finds it by its metadata, and hears of it', async (context) => {
  const { webhook, say, client, dataFolder } = await slackInTest(context)
  const asked = await say('hello', { wait: true })
  const ts = String(asked.json['ts'])
  const metadata = { event_type: 'understudy_reply', event_payload: { k: 'the-key' } }
  const posted = await client.chat.postMessage({ channel: 'C1', thread_ts: ts, text: 'a &amp; b', metadata })
  const found = await client.conversations.replies({ channel: 'C1', ts, include_all_metadata: true, limit: 15 })
  assert.deepEqual(
    found.messages?.map((message) => message.ts),
    [ts, posted.ts],
  )
  assert.deepEqual(found.messages[1]?.metadata, metadata)
  const hidden = await client.conversations.replies({ channel: 'C1', ts, oldest: ts })
  assert.deepEqual(hidden.messages?.[1]?.metadata, { event_type: 'understudy_reply' })
  await eventually(() => webhook.received.length === 2)
  const echo = webhook.received.map(({ body }) => eventOf(body)).at(-1)
  assert.deepEqual([echo?.['app_id'], echo?.['user'], echo?.['metadata']], ['A0APP', 'U0BOT', metadata])
  const [line] = await acceptedLines(dataFolder)
  assert.deepEqual(
    [line?.['method'], line?.['id'], line?.['text'], line?.['threadTs'], line?.['key']],
    ['chat.postMessage', posted.ts, 'a &amp; b', ts, 'the-key'],
  )
})

void test('the Web API refuses as Slack does', async (context) => {
  const { say, client, call, simulator } = await slackInTest(context, { scopes: ['chat:write', 'files:read'] })
  const code = (work: Promise<unknown>, wanted: string) =>
    assert.rejects(work, (error: { data?: { error?: string } }) => error.data?.error === wanted)
  await say('hello')
  await code(client.chat.postMessage({ channel: 'C404', text: 'x' }), 'channel_not_found')
  await code(client.conversations.history({ channel: 'C1' }), 'missing_scope')
  await code(client.apiCall('chat.postMessage', { channel: 'C1' }), 'no_text')
  await call('POST /_sim/channels', { channel: 'C1', archived: true })
  await code(client.chat.postMessage({ channel: 'C1', text: 'x' }), 'is_archived')
  const asJson = (token: string) =>
    fetch(`${simulator.url}/api/auth.test`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  assert.deepEqual(await (await asJson('xoxb-wrong')).json(), { ok: false, error: 'invalid_auth' })
  const mine = await asJson('xoxb-of-the-test')
  assert.equal(mine.headers.get('x-oauth-scopes'), 'chat:write,files:read')
  assert.equal(((await mine.json()) as { user_id: string }).user_id, 'U0BOT')
})

void test('faults store first and fail then, exactly as often as they were asked for', async (context) => {
  const { say, client, call, dataFolder } = await slackInTest(context)
  await say('hello')
  const post = (text: string) => client.chat.postMessage({ channel: 'C1', text })
  for (const kind of ['timeout_after_accept', 'reset_after_accept']) {
    await call('POST /_sim/faults', { method: 'chat.postMessage', kind, times: 1 })
    await assert.rejects(post(kind))
    await post(`after ${kind}`)
  }
  const texts = (await acceptedLines(dataFolder)).map((line) => line['text'])
  assert.deepEqual(texts, [
    'timeout_after_accept',
    'after timeout_after_accept',
    'reset_after_accept',
    'after reset_after_accept',
  ])
  const { json } = await call('GET /_sim/posts?channel=C1')
  assert.equal((json['posts'] as unknown[]).length, 5)
})

void test('faults that refuse store nothing', async (context) => {
  const { say, client, call, dataFolder } = await slackInTest(context)
  await say('hello')
  const table = [
    { kind: 'status', status: 502 },
    { kind: 'rate_limited', retryAfter: 7 },
    { kind: 'html' },
    { kind: 'ok_false', error: 'is_archived' },
  ]
  for (const fault of table) {
    await call('POST /_sim/faults', { method: 'chat.postMessage', ...fault })
    await assert.rejects(
      client.chat.postMessage({ channel: 'C1', text: fault.kind }),
      (error: { retryAfter?: number }) => {
        if (fault.kind === 'rate_limited') assert.equal(error.retryAfter, 7)
        return true
      },
    )
  }
  assert.deepEqual(await acceptedLines(dataFolder), [])
  assert.equal((await call('POST /_sim/faults', { method: 'chat.post', kind: 'status' })).status, 400)
})

void test('one message per second and channel, once the limit is turned on', async (context) => {
  const { say, client, call } = await slackInTest(context)
  await say('hello')
  await call('POST /_sim/limits', { enabled: true })
  await client.chat.postMessage({ channel: 'C1', text: 'one' })
  await assert.rejects(client.chat.postMessage({ channel: 'C1', text: 'two' }), { retryAfter: 1 })
})

void test('what was visible is visible after a restart, a torn last line is cut off', async (context) => {
  const { app, say, client, simulator, dataFolder } = await slackInTest(context)
  const first = await say('hello @fedora-finder', { files: [{ name: 'a.png', base64: 'iVBORw0KGgo=' }] })
  const posted = await client.chat.postMessage({ channel: 'C1', text: 'a reply' })
  await client.chat.update({ channel: 'C1', ts: String(posted.ts), text: 'another' })
  const before = (await control(simulator.url, 'GET /_sim/posts')).json
  await simulator.close()
  await appendFile(join(dataFolder, 'accepted.jsonl'), '{"seq":99,"at":"20')
  const again = await createSlackSimulator({ port: 0, dataFolder, apps: [app] })
  context.after(again.close)
  assert.deepEqual((await control(again.url, 'GET /_sim/posts')).json, before)
  const redelivered = await control(again.url, 'POST /_sim/redeliver', { ts: first.json['ts'] })
  assert.ok((first.json['eventIds'] as string[]).includes(String((redelivered.json['eventIds'] as string[])[0])))
  const more = await control(again.url, 'POST /_sim/messages', {
    bot: app.bot,
    channel: 'C1',
    user: 'U1',
    text: 'later',
  })
  assert.ok(String(more.json['ts']) > String(posted.ts))
})

void test('bad control calls are told what is wrong, and what is not there yet is named as missing', async (context) => {
  const { call, say } = await slackInTest(context)
  for (const body of [{}, { bot: 'x' }, { bot: 'fedora-finder', channel: 'nope', user: 'U1', text: 'x' }])
    assert.equal((await call('POST /_sim/messages', body)).status, 400)
  assert.match(String((await say('x', { surprise: 1 })).json['detail']), /surprise/)
  const missing = await call('POST /_sim/telepathy', {})
  assert.equal(missing.status, 404)
  assert.match(String(missing.json['detail']), /POST \/_sim\/messages/)
})
