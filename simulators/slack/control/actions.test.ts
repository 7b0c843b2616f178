import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../wire/webhook-double.ts'
import { payloadOf, refused, slackInTest } from '../test-workspace.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const option = (value: string) => ({ text: plain(value), value })
const blocks = [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'fedora: *87 %*' } },
  {
    type: 'actions' as const,
    block_id: 'votes',
    elements: [
      { type: 'button' as const, action_id: 'right', text: plain('Right'), value: 'prediction-1' },
      { type: 'button' as const, action_id: 'wrong', text: plain('Wrong'), value: 'prediction-2' },
      { type: 'static_select' as const, action_id: 'label', options: [option('fedora'), option('cap')] },
    ],
  },
]
const channel = 'C0GENERAL'
const at = (url: string | undefined, body: unknown) =>
  fetch(url ?? '', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

void test('a click on a button is a block_actions payload with message, container, state and trigger', async (context) => {
  const { call, client, asked } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  const { json } = await call('POST /_sim/actions', { ts, actionId: 'wrong', user: 'U0ADA' })
  const payload = payloadOf(asked('/interactivity')[0])
  const [action] = payload.actions ?? []
  assert.equal(payload.type, 'block_actions')
  assert.deepEqual(payload['user'], { id: 'U0ADA', username: 'ada', name: 'ada', team_id: 'T0TEAM' })
  assert.deepEqual(payload.container, { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false })
  assert.deepEqual(payload['channel'], { id: channel, name: 'general' })
  assert.equal(payload.message?.['text'], 'fedora')
  assert.deepEqual(payload.state, { values: { votes: { label: { type: 'static_select', selected_option: null } } } })
  assert.deepEqual([action?.['action_id'], action?.['block_id'], action?.['value']], ['wrong', 'votes', 'prediction-2'])
  assert.match(String(action?.['action_ts']), /^\d+\.\d{6}$/)
  assert.deepEqual([json['status'], json['triggerId']], [200, payload.trigger_id])
})

void test('a choice in a menu tells the option, in the action and in the state', async (context) => {
  const { call, client, asked } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  await call('POST /_sim/actions', { ts, channel, actionId: 'label', user: 'U0ADA', value: 'cap' })
  const payload = payloadOf(asked('/interactivity')[0])
  assert.deepEqual(payload.actions?.[0]?.['selected_option'], option('cap'))
  assert.deepEqual(payload.state?.values, {
    votes: { label: { type: 'static_select', selected_option: option('cap') } },
  })
})

void test('only what is really there can be clicked, by who sees it', async (context) => {
  const { call, client, webhook } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  const ephemeral = await client.chat.postEphemeral({ channel, user: 'U0ADA', text: 'fedora', blocks })
  const before = webhook.received.length
  const click = (what: object) => call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA', ...what })
  for (const what of [
    { actionId: 'other' },
    { ts: '1.000000' },
    { actionId: 'label', value: 'beret' },
    { actionId: 'label' },
    { value: 'prediction-2' },
    { blockId: 'elsewhere' },
    { ts: ephemeral.message_ts, user: 'U0BEN' },
  ])
    assert.equal((await click(what)).status, 404)
  await client.chat.update({ channel, ts: ts ?? '', text: 'closed', blocks: [] })
  assert.equal((await click({})).status, 404)
  await eventually(() => webhook.received.length > before)
  assert.equal(webhook.received.filter(({ path }) => path.endsWith('/interactivity')).length, 0)
})

void test('what is written into an input of a message goes along with a click on another field', async (context) => {
  const { call, client, asked } = await slackInTest(context)
  const input = {
    type: 'input' as const,
    block_id: 'why',
    optional: true,
    label: plain('Your reason'),
    element: { type: 'plain_text_input' as const, action_id: 'reason' },
  }
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks: [input, ...blocks] })
  const click = (values: object) =>
    call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA', values: { ...values } })
  await click({})
  await click({ why: { reason: 'looks good' } })
  const written = asked('/interactivity').map(
    (request) =>
      (payloadOf(request).state as { readonly values?: Readonly<Record<string, unknown>> } | undefined)?.values?.[
        'why'
      ],
  )
  assert.deepEqual(written, [
    { reason: { type: 'plain_text_input', value: null } },
    { reason: { type: 'plain_text_input', value: 'looks good' } },
  ])
  assert.equal((await click({ label: 'beret' })).status, 400)
})

void test('a double click is two valid payloads', async (context) => {
  const { call, client, asked } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  const { json } = await call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA', copies: 2 })
  assert.equal((json['copies'] as unknown[]).length, 2)
  const payloads = asked('/interactivity').map(payloadOf)
  assert.equal(new Set(payloads.map(({ trigger_id }) => trigger_id)).size, 2)
  assert.equal(new Set(payloads.map(({ actions }) => actions?.[0]?.['action_ts'])).size, 2)
})

void test('an ephemeral message is seen and clicked by one person, replaced and deleted by its address only', async (context) => {
  const { call, client, asked, posts } = await slackInTest(context)
  const { message_ts: ts = '' } = await client.chat.postEphemeral({ channel, user: 'U0ADA', text: 'fedora', blocks })
  await call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA' })
  const payload = payloadOf(asked('/interactivity')[0])
  assert.equal(payload.message, undefined)
  assert.equal(payload.container?.['is_ephemeral'], true)
  await refused(client.chat.update({ channel, ts, text: 'x' }), 'message_not_found')
  await at(payload.response_url, { replace_original: true, text: 'noted' })
  const [post] = await posts(channel)
  assert.deepEqual(
    [post?.['text'], post?.['ephemeral'], post?.['user'], post?.['blocks']],
    ['noted', true, 'U0ADA', undefined],
  )
  await at(payload.response_url, { delete_original: true })
  assert.deepEqual(await posts(channel), [])
})

void test('an address for answers works five times, and not after half an hour', async (context) => {
  const { call, client, asked, posts } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  const click = () => call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA' })
  await click()
  const { response_url: url } = payloadOf(asked('/interactivity')[0])
  assert.equal((await at(url, { blocks: [{ type: 'nonsense' }] })).status, 400)
  await at(url, { text: 'in the thread', response_type: 'in_channel', thread_ts: ts })
  await at(url, { replace_original: true, text: 'voted' })
  for (const text of ['three', 'four', 'five']) assert.equal((await at(url, { text })).status, 200)
  const sixth = await at(url, { text: 'six' })
  assert.deepEqual([sixth.status, await sixth.json()], [404, { ok: false, error: 'used_url' }])
  const seen = (await posts(channel)).map(({ text, ephemeral, threadTs }) => [text, ephemeral, threadTs])
  assert.deepEqual(seen, [
    ['voted', undefined, undefined],
    ['in the thread', undefined, ts],
    ...['three', 'four', 'five'].map((text) => [text, true, undefined]),
  ])
  await client.chat.update({ channel, ts: ts ?? '', text: 'again', blocks })
  await click()
  await call('POST /_sim/expire')
  const late = await at(payloadOf(asked('/interactivity')[1]).response_url, { text: 'late' })
  assert.deepEqual(await late.json(), { ok: false, error: 'expired_url' })
})

void test('an answer to a click can fail after it was accepted, and then it was used', async (context) => {
  const { call, client, asked, posts } = await slackInTest(context)
  const { ts } = await client.chat.postMessage({ channel, text: 'fedora', blocks })
  await call('POST /_sim/actions', { ts, actionId: 'right', user: 'U0ADA' })
  const { response_url: url } = payloadOf(asked('/interactivity')[0])
  await call('POST /_sim/faults', { method: 'response_url', kind: 'reset_after_accept', times: 1 })
  await assert.rejects(at(url, { text: 'lost answer' }))
  assert.equal((await posts(channel)).at(-1)?.['text'], 'lost answer')
  await call('POST /_sim/faults', { method: 'response_url', kind: 'status', status: 503, times: 1 })
  assert.equal((await at(url, { text: 'never' })).status, 503)
  assert.equal((await posts(channel)).length, 2)
})
