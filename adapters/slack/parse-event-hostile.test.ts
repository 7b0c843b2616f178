import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MalformedEvent } from '../../domain/errors.ts'
import { parseSlackEvent } from './parse-event.ts'

const bot = 'fedora-finder'
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

const person = {
  type: 'message',
  channel: 'C024BE91L',
  channel_type: 'channel',
  user: 'U2147483697',
  text: '<@U0BOT> is this a &lt;fedora&gt;?',
  ts: '1765000000.000200',
  event_ts: '1765000000.000200',
}
const envelope = {
  token: 'legacy',
  team_id: 'T1',
  api_app_id: 'A0',
  type: 'event_callback',
  event_id: 'Ev1',
  event_time: 1_765_000_000,
  authorizations: [
    { enterprise_id: null, team_id: 'T1', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: false,
}
const parse = (event: object, outer: object = {}) => parseSlackEvent(bytes({ ...envelope, ...outer, event }), bot)
void test('what cannot be read is malformed, and the error repeats none of it', () => {
  for (const body of ['', 'secret words', '[]', 'null', '{"type":7}', '{"type":"event_callback"}'])
    assert.throws(() => parseSlackEvent(Buffer.from(body), bot), MalformedEvent)
  assert.throws(() => parseSlackEvent(Uint8Array.of(0x22, 0xff, 0x22), bot), MalformedEvent)
  assert.throws(
    () => parse({ ...person, ts: 'secret words' }),
    (error) => error instanceof MalformedEvent && !error.message.includes('secret') && error.message.includes('ts'),
  )
})

void test('no JSON does more than being malformed', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('message', 'app_mention', 'D1', '1765000000.000200', 'U1'))
  const event = fc.dictionary(
    fc.constantFrom('type', 'subtype', 'user', 'channel', 'ts', 'thread_ts', 'text', 'files', 'bot_id', 'hidden'),
    field,
  )
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      type: fc.constantFrom('event_callback', 'url_verification', 'app_rate_limited'),
      event: fc.jsonValue(),
    }),
    event.map((inner) => ({ ...envelope, event: { ...person, ...inner } })),
  )
  fc.assert(
    fc.property(body, (value) => {
      try {
        parseSlackEvent(bytes(value), bot)
      } catch (error) {
        assert.ok(error instanceof MalformedEvent, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
