import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slackSignature } from '../delivery/webhook.ts'
import { answer, formOf, payloadOf, refused, slackInTest } from '../test-workspace.ts'

const typed = { bot: 'fedora-finder', channel: 'C0GENERAL', user: 'U0ADA', command: '/predict', text: 'a b' }

void test('a slash command is a signed form with every documented field', async (context) => {
  const { app, asked, call } = await slackInTest(context)
  const { json } = await call('POST /_sim/commands', typed)
  const [request] = asked('/slack/fedora-finder/commands')
  assert.ok(request)
  const { trigger_id, response_url, token, ...form } = formOf(request)
  assert.deepEqual(form, {
    team_id: 'T0TEAM',
    team_domain: 't0team',
    channel_id: 'C0GENERAL',
    channel_name: 'general',
    user_id: 'U0ADA',
    user_name: 'ada',
    command: '/predict',
    text: 'a b',
    api_app_id: 'A0APP',
    is_enterprise_install: 'false',
  })
  assert.equal(token, 'deprecated')
  assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded')
  const stamp = String(request.headers['x-slack-request-timestamp'])
  assert.equal(request.headers['x-slack-signature'], slackSignature(app.signingSecret, stamp, request.body))
  assert.deepEqual([json['triggerId'], json['responseUrl'], json['status']], [trigger_id, response_url, 200])
  assert.equal(typeof json['ms'], 'number')
})

void test('what the acknowledgement says is shown: to the person, to all with the command, or nothing', async (context) => {
  const { webhook, call, posts, client, dataFolder } = await slackInTest(context)
  const blocks = [{ type: 'divider' }]
  const bodies = ['plain words', { text: 'only you' }, { response_type: 'in_channel', text: 'all', blocks }, '', {}]
  for (const body of bodies) {
    webhook.answerWith(() => answer(body))
    await call('POST /_sim/commands', typed)
  }
  const seen = (await posts('C0GENERAL')).map(({ text, ephemeral, user, bot }) => [text, ephemeral, user, bot])
  assert.deepEqual(seen, [
    ['plain words', true, 'U0ADA', 'fedora-finder'],
    ['only you', true, 'U0ADA', 'fedora-finder'],
    ['/predict a b', undefined, 'U0ADA', undefined],
    ['all', undefined, undefined, 'fedora-finder'],
  ])
  const history = await client.conversations.history({ channel: 'C0GENERAL' })
  assert.deepEqual(
    history.messages?.map((message) => message.text),
    ['all', '/predict a b'],
  )
  const { readFile } = await import('node:fs/promises')
  const log = await readFile(`${dataFolder}/accepted.jsonl`, 'utf8')
  assert.equal(log.match(/"method":"ack"/g)?.length, 3)
})

void test('a command that is not acknowledged is told to the person, and is never sent again', async (context) => {
  const { webhook, call, posts, asked } = await slackInTest(context, { clockScale: 10_000 })
  await call('POST /_sim/clock', { ackMs: 100 })
  webhook.answerWith(() => ({ kind: 'silence', ms: 5000 }))
  assert.equal((await call('POST /_sim/commands', typed)).json['status'], 0)
  webhook.answerWith(() => answer('', 500))
  await call('POST /_sim/commands', typed)
  webhook.answerWith(() => answer({ blocks: [{ type: 'nonsense' }] }))
  await call('POST /_sim/commands', typed)
  const seen = await posts('C0GENERAL')
  assert.deepEqual(
    seen.map(({ text, ephemeral, user }) => [/"(\w+)"/.exec(String(text))?.[1], ephemeral, user]),
    [
      ['operation_timeout', true, 'U0ADA'],
      ['dispatch_failed', true, 'U0ADA'],
      ['invalid_command_response', true, 'U0ADA'],
    ],
  )
  assert.equal((await call('GET /_sim/deliveries')).json['pending'], 0)
  assert.equal(asked('/commands').length, 3)
})

void test('a command that the app does not have is not sent', async (context) => {
  const { webhook, call } = await slackInTest(context, { commands: [{ command: '/fix' }] })
  assert.equal((await call('POST /_sim/commands', typed)).status, 404)
  assert.equal((await call('POST /_sim/commands', { ...typed, command: 'predict' })).status, 400)
  assert.equal(webhook.received.length, 0)
})

void test('a bot that is not in the channel can still answer a command there', async (context) => {
  const { call, client, posts } = await slackInTest(context)
  const { json } = await call('POST /_sim/commands', { ...typed, channel: 'C0ELSEWHERE' })
  await refused(client.chat.postMessage({ channel: 'C0ELSEWHERE', text: 'x' }), 'not_in_channel')
  await fetch(String(json['responseUrl']), { method: 'POST', body: '{"text":"here"}', headers: jsonType })
  assert.deepEqual(
    (await posts('C0ELSEWHERE')).map(({ text, user, ephemeral }) => [text, user, ephemeral]),
    [['here', 'U0ADA', true]],
  )
})

void test('a shortcut in a message menu tells the whole message', async (context) => {
  const { call, client, asked } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'fedora: 87 %' })
  const use = { bot: 'fedora-finder', ts, channel: 'C0GENERAL', user: 'U0BEN', callbackId: 'correct' }
  await call('POST /_sim/shortcuts', use)
  const payload = payloadOf(asked('/interactivity')[0])
  assert.deepEqual(
    [payload.type, payload['callback_id'], payload['message_ts'], payload.message?.['text']],
    ['message_action', 'correct', ts, 'fedora: 87 %'],
  )
  assert.match(payload.response_url ?? '', /^http:\/\/127\.0\.0\.1:\d+\/hooks\/app\/T0TEAM\//)
  assert.equal((await call('POST /_sim/shortcuts', { ...use, ts: '1.000000' })).status, 404)
})

void test('ssl_check comes without a signature to both addresses', async (context) => {
  const { call, webhook } = await slackInTest(context)
  const { json } = await call('POST /_sim/ssl-check', { bot: 'fedora-finder' })
  assert.equal((json['commands'] as { status: number }).status, 200)
  assert.deepEqual(
    webhook.received.map((request) => [
      request.path,
      formOf(request)['ssl_check'],
      request.headers['x-slack-signature'],
    ]),
    [
      ['/slack/fedora-finder/commands', '1', undefined],
      ['/slack/fedora-finder/events', '1', undefined],
    ],
  )
})

const jsonType = { 'content-type': 'application/json' }
