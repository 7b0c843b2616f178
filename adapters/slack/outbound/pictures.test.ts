import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InputRefused, ServiceUnavailable } from '../../../domain/errors.ts'
import type { InboundMessage, PictureRef } from '../../../domain/inbound.ts'
import { createSlackChannel } from '../channel.ts'
import { type Act, answer, scriptedServer } from '../../../test/support/scripted-server.ts'

const messageWith = (...pictures: readonly PictureRef[]): InboundMessage => ({
  bot: 'fedora-finder',
  channel: 'slack',
  businessKey: 'fedora-finder.T1.C1.1.1',
  authorId: 'U1',
  address: { kind: 'slack-thread', team: 'T1', channelId: 'C1', threadTs: '1.1' },
  text: '',
  pictures,
  sentAt: '2025-12-06T05:46:40.000Z',
})
const info = (file: object): Act => answer(200, { ok: true, file })
const refusal = (code: string) => (error: unknown) => error instanceof InputRefused && error.refusal === code

void test('the token goes with files on hosts of Slack, in the order of the message', async () => {
  const channel = createSlackChannel({ token: 'xoxb-1', apiUrl: 'http://127.0.0.1:9' })
  const files = 'https://files.slack.com/files-pri/T1-F1/download/a.png'
  const found = await channel.picturesOf(
    messageWith({ id: 'F1', url: files, bytes: 12 }, { id: 'F2', url: 'https://acme.slack.com/b.png' }),
  )
  const headers = { authorization: 'Bearer xoxb-1' }
  assert.deepEqual(found, [
    { url: files, headers, fileId: 'F1', announcedBytes: 12 },
    { url: 'https://acme.slack.com/b.png', headers, fileId: 'F2' },
  ])
})

void test('no other address is fetched, so no other host gets the token', async () => {
  const channel = createSlackChannel({ token: 'xoxb-1', apiUrl: 'http://127.0.0.1:9' })
  const addresses = [
    'http://files.slack.com/a',
    'https://files.slack.com:8443/a',
    'https://files.slack.com@evil.example/a',
    'https://a:b@files.slack.com/a',
    'https://files.slack.com.evil.example/a',
    'https://evilslack.com/a',
    'https://evil.example/?.slack.com',
    'https://evil.example\\.slack.com/',
    'https://evil.example#.slack.com',
    'file:///etc/passwd',
    '//files.slack.com/a',
    'https://127.0.0.1/a',
    '',
  ]
  for (const url of addresses)
    await assert.rejects(channel.picturesOf(messageWith({ id: 'F1', url })), refusal('forbidden-address'), url)
})

void test('a stub is asked for until it has an address', async (context) => {
  const server = await scriptedServer(context)
  server.act((response, request) => {
    const ready = server.arrived.length > 1
    const act = info(ready ? { url_private: 'https://files.slack.com/late', size: 5 } : { mode: 'file_access' })
    act(response, request)
  })
  const channel = createSlackChannel({ token: 'xoxb-1', apiUrl: server.url })
  assert.deepEqual(await channel.picturesOf(messageWith({ id: 'F4' })), [
    {
      url: 'https://files.slack.com/late',
      headers: { authorization: 'Bearer xoxb-1' },
      fileId: 'F4',
      announcedBytes: 5,
    },
  ])
  assert.equal(server.arrived[0]?.path, '/api/files.info')
  assert.equal(new URLSearchParams(server.arrived[0].body).get('file'), 'F4')
})

void test('a file that the bot may not read is refused, and not asked for again and again', async (context) => {
  const server = await scriptedServer(context)
  const channel = createSlackChannel({ token: 'xoxb-1', apiUrl: server.url })
  for (const error of ['missing_scope', 'token_revoked', 'invalid_auth', 'no_permission']) {
    server.act(answer(200, { ok: false, error }))
    await assert.rejects(channel.picturesOf(messageWith({ id: 'F4' })), refusal('login-page'), error)
  }
})

void test('a file that is no more is told from one that cannot be asked for', async (context) => {
  const server = await scriptedServer(context)
  const channel = createSlackChannel({ token: 'xoxb-1', apiUrl: server.url })
  for (const act of [answer(200, { ok: false, error: 'file_not_found' }), info({ mode: 'tombstone' })]) {
    server.act(act)
    await assert.rejects(channel.picturesOf(messageWith({ id: 'F4' })), refusal('gone'))
  }
  for (const act of [answer(503, ''), answer(200, { ok: false, error: 'internal_error' }), answer(200, { ok: true })]) {
    server.act(act)
    await assert.rejects(channel.picturesOf(messageWith({ id: 'F4' })), ServiceUnavailable)
  }
  server.act(info({ mode: 'file_access' }))
  await assert.rejects(channel.picturesOf(messageWith({ id: 'F4' })), ServiceUnavailable)
})
