import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { loadConfig } from '../../infra/config.ts'
import { answer, scriptedServer } from '../../test/support/scripted-server.ts'
import { openChannels } from './channels.ts'

const credentials = {
  X_CONSUMER_KEY: 'key',
  X_CONSUMER_SECRET: 'consumer-secret',
  X_ACCESS_TOKEN: '16-token',
  X_ACCESS_TOKEN_SECRET: 'token-secret',
}
const stated = { X_AI_REPLIES_APPROVED: 'yes', X_AUTOMATED_LABEL: 'yes', X_BIO_DISCLOSURE: 'yes' }

const channelsOf = (env: Readonly<Record<string, string>>, lines: object[] = []) =>
  openChannels({ config: loadConfig(env), log: { warn: (fields: unknown) => void lines.push(fields as object) } })

void test('on the real X nothing is sent until approval, label and bio are stated: the message waits', () => {
  for (const missing of Object.keys(stated)) {
    const env = { ...credentials, ...stated, X_API_URL: 'live', [missing]: 'no' }
    assert.throws(
      () => channelsOf(env)('fedora-finder', 'x'),
      (error) => error instanceof ServiceUnavailable && error.message.includes(missing),
    )
  }
  assert.ok(channelsOf({ ...credentials, ...stated, X_API_URL: 'live' })('fedora-finder', 'x'))
  assert.ok(channelsOf(credentials)('fedora-finder', 'x'))
  const other = channelsOf({ ...credentials, X_API_URL: 'live', X_AI_REPLIES_APPROVED__PULSE: 'yes' })
  assert.throws(() => other('fedora-finder', 'x'), /X_AI_REPLIES_APPROVED/)
})

void test('Slack and HTTP ask for no approval', () => {
  const env = { X_API_URL: 'live', SLACK_SIGNING_SECRET: 'signing-secret', SLACK_BOT_TOKEN: 'xoxb-token' }
  const channelOf = channelsOf(env)
  assert.ok(channelOf('fedora-finder', 'slack'))
  assert.ok(channelOf('fedora-finder', 'http'))
  assert.throws(() => channelOf('fedora-finder', 'x'), /no credentials/)
})

void test('an endpoint that closes is a log line with the bot, the endpoint and the reset, and nobody’s id', async (context) => {
  const server = await scriptedServer(context)
  const reset = `${Math.ceil(Date.now() / 1000) + 60}`
  server.act(answer(429, {}, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset }))
  const lines: object[] = []
  const channel = channelsOf({ ...credentials, X_API_URL: server.url }, lines)('fedora-finder', 'x')
  const address = { kind: 'x-direct', accountId: '16', participantId: '4242', messageId: '7' } as const
  const send = () => channel.send({ key: 'k', address, text: 'fedora' })
  await assert.rejects(send())
  await assert.rejects(send())
  assert.deepEqual(lines, [
    {
      bot: 'fedora-finder',
      endpoint: 'POST dm_conversations/with/:id/messages',
      limit: 'x-rate-limit',
      resetAt: new Date((Number(reset) + 1) * 1000),
    },
  ])
  assert.equal(server.arrived.length, 1)
})
