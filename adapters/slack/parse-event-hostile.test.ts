import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MalformedEvent } from '../../domain/errors.ts'
import { parseSlackEvent } from './parse-event.ts'
import { bytes, envelope, parse, person } from '../../test/support/messages/slack-events.ts'
import { testBot } from '../../test/support/bots.ts'

void test('what cannot be read is malformed, and the error repeats none of it', () => {
  for (const body of ['', 'secret words', '[]', 'null', '{"type":7}', '{"type":"event_callback"}'])
    assert.throws(() => parseSlackEvent(Buffer.from(body), testBot()), MalformedEvent)
  assert.throws(() => parseSlackEvent(Uint8Array.of(0x22, 0xff, 0x22), testBot()), MalformedEvent)
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
        parseSlackEvent(bytes(value), testBot())
      } catch (error) {
        assert.ok(error instanceof MalformedEvent, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
