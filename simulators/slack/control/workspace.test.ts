import assert from 'node:assert/strict'
import { test } from 'node:test'
import { control, eventually } from '../../wire/webhook-double.ts'
import { createSlackSimulator } from '../simulator.ts'
import { payloadOf, refused, slackInTest } from '../test-workspace.ts'

const channel = 'C0GENERAL'
const eventOf = ({ body }: { readonly body: Buffer }) =>
  (JSON.parse(body.toString()) as { event: Record<string, unknown> }).event

void test('a new workspace has channels, people and bots', async (context) => {
  const { call, client } = await slackInTest(context, { others: ['team-router'], commands: [{ command: '/fix' }] })
  const { json } = await call('GET /_sim/workspace')
  const channels = json['channels'] as { id: string; name: string; members: string[] }[]
  assert.deepEqual(
    channels.map(({ id, name }) => [id, name]),
    [
      ['C0GENERAL', 'general'],
      ['C0PICTURES', 'pictures'],
      ['C0REVIEWS', 'help-reviews'],
    ],
  )
  assert.deepEqual(channels[0]?.members, ['U0ADA', 'U0BEN', 'U0CHLOE', 'U0DMITRI', 'U0BOT', 'U0OTHER0'])
  assert.deepEqual((json['people'] as unknown[])[0], { id: 'U0ADA', name: 'Ada', picture: false })
  const [bot] = json['bots'] as { bot: string; userId: string; commands: { command: string }[] }[]
  assert.deepEqual([bot?.bot, bot?.userId, bot?.commands[0]?.command], ['fedora-finder', 'U0BOT', '/fix'])
  await client.chat.postMessage({ channel, text: 'no invitation needed' })
})

void test('every bot in a channel hears of what is said there, a mention only its own', async (context) => {
  const { say, asked } = await slackInTest(context, { others: ['team-router'] })
  await say('who looks after this, @team-router?', { channel, wait: true })
  const types = (bot: string) => asked(`/${bot}/events`).map((request) => eventOf(request)['type'])
  assert.deepEqual(types('fedora-finder'), ['message'])
  assert.deepEqual(types('team-router').sort(), ['app_mention', 'message'])
})

void test('an edit and a deletion are told with what was before', async (context) => {
  const { say, call, webhook, posts } = await slackInTest(context)
  const { json } = await say('one', { channel, user: 'U0ADA', wait: true })
  const { ts } = json
  const edit = { channel, ts, user: 'U0ADA', text: 'two', wait: true }
  assert.equal((await call('POST /_sim/edits', { ...edit, user: 'U0BEN' })).status, 404)
  await call('POST /_sim/edits', edit)
  const changed = eventOf(webhook.received[1] ?? { body: Buffer.from('{}') })
  const [now, before] = [changed['message'], changed['previous_message']] as Record<string, unknown>[]
  assert.deepEqual(
    [changed['subtype'], now?.['text'], before?.['text'], now?.['ts']],
    ['message_changed', 'two', 'one', ts],
  )
  assert.equal((now?.['edited'] as { user: string }).user, 'U0ADA')
  await call('POST /_sim/deletions', { channel, ts, wait: true })
  const gone = eventOf(webhook.received[2] ?? { body: Buffer.from('{}') })
  assert.deepEqual([gone['subtype'], gone['deleted_ts']], ['message_deleted', ts])
  assert.deepEqual(await posts(channel), [])
})

void test('an app can lose a scope, its token, or all of its installation', async (context) => {
  const { call, client, say, webhook } = await slackInTest(context)
  await call('POST /_sim/apps', { bot: 'fedora-finder', missingScopes: ['channels:history'] })
  await refused(client.conversations.history({ channel }), 'missing_scope')
  await client.chat.postMessage({ channel, text: 'still here' })
  await call('POST /_sim/apps', { bot: 'fedora-finder', revoked: true })
  await refused(client.auth.test(), 'token_revoked')
  await call('POST /_sim/apps', { bot: 'fedora-finder', revoked: false, missingScopes: [] })
  await client.conversations.history({ channel })
  await eventually(() => webhook.received.length === 1)
  for (const type of ['app_uninstalled', 'tokens_revoked'])
    await call('POST /_sim/lifecycle', { bot: 'fedora-finder', type })
  const [uninstalled, revoked] = webhook.received.slice(1).map(eventOf)
  assert.equal(uninstalled?.['type'], 'app_uninstalled')
  assert.deepEqual(revoked?.['tokens'], { oauth: [], bot: ['U0BOT'] })
  await refused(client.chat.postMessage({ channel, text: 'x' }), 'token_revoked')
  await say('anybody?', { channel, wait: true })
  assert.equal(webhook.received.length, 3)
})

void test('whoever listens is told of every visible change', async (context) => {
  const { client, simulator } = await slackInTest(context)
  const stop = new AbortController()
  const response = await fetch(`${simulator.url}/_sim/stream`, { signal: stop.signal })
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  let heard = ''
  const listen = async () => {
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) heard += decoder.decode(part as Uint8Array)
  }
  const listening = listen().catch(() => undefined)
  await client.chat.postEphemeral({ channel, user: 'U0ADA', text: 'for you' })
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'for all' })
  await client.chat.delete({ channel, ts })
  await eventually(() => heard.includes('"deleted":true'))
  stop.abort()
  await listening
  const changes = [...heard.matchAll(/event: change\ndata: (.*)\n/g)].map(
    ([, data = '{}']) => JSON.parse(data) as Record<string, unknown>,
  )
  assert.deepEqual(
    changes.map(({ text, ephemeral, deleted }) => [text, ephemeral, deleted]),
    [
      ['for you', true, undefined],
      ['for all', undefined, undefined],
      ['for all', undefined, true],
    ],
  )
})

void test('modals, ephemeral messages and used addresses are the same after a restart', async (context) => {
  const { app, call, client, simulator, dataFolder, asked, posts } = await slackInTest(context)
  const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }
  const blocks = [{ type: 'actions', elements: [button] }]
  await client.apiCall('chat.postEphemeral', { channel, user: 'U0ADA', text: 'x', blocks })
  const [posted] = await posts(channel)
  await call('POST /_sim/actions', { ts: posted?.['ts'], actionId: 'go', user: 'U0ADA' })
  const { response_url: url = '', trigger_id } = payloadOf(asked('/interactivity')[0])
  const title = { type: 'plain_text', text: 'Which one?' }
  await client.apiCall('views.open', { trigger_id, view: { type: 'modal', title, blocks } })
  const answer = (base: string) =>
    fetch(base + new URL(url).pathname, { method: 'POST', body: 'payload={"text":"noted"}', headers: form })
  for (let use = 0; use < 4; use += 1) assert.equal((await answer(simulator.url)).status, 200)
  const before = { posts: (await call('GET /_sim/posts')).json, views: (await call('GET /_sim/views')).json }
  await simulator.close()
  const again = await createSlackSimulator({ port: 0, dataFolder, apps: [app] })
  context.after(again.close)
  const after = {
    posts: (await control(again.url, 'GET /_sim/posts')).json,
    views: (await control(again.url, 'GET /_sim/views')).json,
  }
  assert.deepEqual(after, before)
  assert.equal((await answer(again.url)).status, 200)
  assert.equal((await answer(again.url)).status, 404)
  await control(again.url, 'POST /_sim/reset', {})
  assert.deepEqual((await control(again.url, 'GET /_sim/views')).json, { views: [] })
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
