import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MalformedEvent } from '../../domain/errors.ts'
import { parseXEvent } from './parse-event.ts'
import { activity, bytes, direct, parse, post } from '../../test/support/messages/x-events.ts'
import { testBot } from '../../test/support/bots.ts'

void test('an id that came as a number is refused, because its last digits are lost', () => {
  const body = JSON.stringify(activity(post)).replace('"id":"1997000000000000123"', '"id":1997000000000000123')
  assert.throws(() => parseXEvent(Buffer.from(body), testBot()), MalformedEvent)
})

void test('what cannot be read is malformed, and the error repeats none of it', () => {
  for (const body of ['', 'secret words', '[]', 'null', '{}', '{"data":{}}', '{"for_user_id":"1"}'])
    assert.throws(() => parseXEvent(Buffer.from(body), testBot()), MalformedEvent)
  assert.throws(
    () => parse({ ...post, author_id: 'secret words' }),
    (error) =>
      error instanceof MalformedEvent && !error.message.includes('secret') && error.message.includes('author_id'),
  )
  assert.throws(() => parse(post, { filter: {} }), MalformedEvent)
})

void test('no JSON does more than being malformed', () => {
  const body = fc.oneof(
    fc.jsonValue(),
    fc.jsonValue().map((payload) => activity(payload)),
    fc
      .dictionary(fc.constantFrom(...Object.keys(post), 'note_tweet', 'referenced_tweets'), fc.jsonValue())
      .map((changed) => activity({ ...post, ...changed })),
    fc.dictionary(fc.constantFrom('users', 'media'), fc.jsonValue()).map((odd) => activity(post, { includes: odd })),
    fc
      .dictionary(fc.constantFrom('type', 'id', 'created_timestamp', 'message_create'), fc.jsonValue())
      .map((changed) =>
        activity(
          { direct_message_events: [{ ...direct.direct_message_events[0], ...changed }] },
          { event_type: 'dm.received' },
        ),
      ),
  )
  fc.assert(
    fc.property(body, (value) => {
      try {
        parseXEvent(bytes(value), testBot())
      } catch (error) {
        assert.ok(error instanceof MalformedEvent, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
