import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json } from '../wire/exchange.ts'
import { eventually } from '../wire/webhook-double.ts'
import { dataOf, xInTest } from './test-network.ts'
import { xSignature } from './webhook.ts'

void test('a mention is delivered signed; a reply that mentions too comes twice with one event_uuid', async (context) => {
  const { app, events, post, client } = await xInTest(context)
  const asked = await post('@FedoraFinder what is this?', { wait: true })
  const [mention, ...none] = events().map(dataOf)
  assert.equal(none.length, 0)
  assert.deepEqual(
    [mention?.event_type, mention?.event_uuid, mention?.filter, mention?.payload['id']],
    ['post.mention.create', asked.json['id'], { user_id: '900' }, asked.json['id']],
  )
  for (const { body, headers } of events())
    assert.equal(headers['x-twitter-webhooks-signature'], xSignature(app.consumerSecret, body))
  const reply = await client.v2.reply('a fedora', String(asked.json['id']))
  await eventually(() => events().length === 2)
  assert.equal(dataOf(events()[1] ?? { body: Buffer.alloc(0) }).event_type, 'post.create')
  await post('@fedorafinder no', { inReplyTo: reply.data.id, wait: true, negativeUuid: true })
  const twins = events().slice(2).map(dataOf)
  assert.deepEqual(twins.map(({ event_type }) => event_type).sort(), ['post.mention.create', 'post.reply.create'])
  assert.equal(new Set(twins.map(({ event_uuid }) => event_uuid)).size, 1)
  assert.match(twins[0]?.event_uuid ?? '', /^-\d+$/)
  await post('no mention', { inReplyTo: reply.data.id, wait: true })
  assert.equal(dataOf(events()[4] ?? { body: Buffer.alloc(0) }).event_type, 'post.reply.create')
})

void test('copies, twins and new event ids come as asked, and old posts can be delivered again', async (context) => {
  const { events, post, call } = await xInTest(context)
  const { json: made } = await post('@FedoraFinder hi', { wait: true, deliveries: { copies: 4, newEventIds: 2 } })
  const uuids = events().map((event) => dataOf(event).event_uuid)
  assert.deepEqual([uuids.length, new Set(uuids).size], [6, 3])
  await call('POST /_sim/redeliver', { id: made['id'], times: 2, wait: true })
  assert.deepEqual(
    events()
      .slice(6)
      .map((event) => dataOf(event).event_uuid),
    [made['id'], made['id']],
  )
})

void test('a webhook that fails is asked three times in all over five scaled minutes', async (context) => {
  const { webhook, events, post, call } = await xInTest(context, { clockScale: 1000 })
  await eventually(() => webhook.received.length === 1)
  webhook.answerWith(() => json({}, { status: 503 }))
  const started = Date.now()
  await post('@FedoraFinder hi')
  await eventually(async () => (await call('GET /_sim/deliveries')).json['pending'] === 0)
  assert.equal(events().length, 3)
  assert.ok(Date.now() - started >= 295)
})

void test('the webhook must pass the CRC: a wrong answer stops deliveries, the next right one lets them go on', async (context) => {
  const { app, webhook, events, post, call } = await xInTest(context)
  assert.equal((await call('POST /_sim/crc', {})).json['passed'], true)
  webhook.answerWith(() => json({ response_token: 'sha256=wrong' }))
  const { json: failed } = await call('POST /_sim/crc', { bot: app.bot })
  assert.deepEqual([failed['passed'], failed['valid']], [false, false])
  await post('@FedoraFinder one', { wait: true })
  assert.equal(events().length, 0)
  webhook.answerWith(({ query }) =>
    json({ response_token: xSignature(app.consumerSecret, query.get('crc_token') ?? '') }),
  )
  assert.equal((await call('POST /_sim/crc', {})).json['valid'], true)
  await post('@FedoraFinder two', { wait: true })
  assert.equal(events().length, 1)
})
