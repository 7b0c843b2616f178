import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { SignatureRejected } from '../../domain/errors.ts'
import { type SignedSlackRequest, verifySlackRequest } from './verify-request.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const nowMs = 1_531_420_618_000
const vector: SignedSlackRequest = {
  rawBody: Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ),
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
}

const rejects = (
  change: Partial<SignedSlackRequest>,
  reason: SignatureRejected['reason'],
  options: { readonly secrets?: readonly string[]; readonly nowMs?: number } = {},
) =>
  assert.throws(
    () => verifySlackRequest({ ...vector, ...change }, { secrets: [secret], nowMs, ...options }),
    (error) => error instanceof SignatureRejected && error.reason === reason,
  )

const signed = (rawBody: Uint8Array, seconds: number, key = secret): SignedSlackRequest => ({
  rawBody,
  timestamp: String(seconds),
  signature: `v0=${createHmac('sha256', key).update(`v0:${seconds}:`).update(rawBody).digest('hex')}`,
})

void test('the test vector of the documentation is accepted', () => {
  verifySlackRequest(vector, { secrets: [secret], nowMs })
})

void test('while a secret is being rotated, either of the two is accepted', () => {
  verifySlackRequest(vector, { secrets: ['the-next-secret', secret], nowMs })
  verifySlackRequest(vector, { secrets: [secret, 'the-next-secret'], nowMs })
  rejects({}, 'mismatch', { secrets: ['the-next-secret'] })
})

void test('a missing or empty header is rejected', () => {
  rejects({ timestamp: undefined }, 'missing')
  rejects({ timestamp: '' }, 'missing')
  rejects({ signature: undefined }, 'missing')
  rejects({ signature: '' }, 'missing')
})

void test('a header of another form is rejected before anything is compared', () => {
  for (const timestamp of ['now', '1531420618.5', '-1531420618', ' 1531420618', '0x5b47', '1e9', '9'.repeat(13)])
    rejects({ timestamp }, 'malformed')
  for (const signature of [
    'v0=',
    'v1=' + 'a'.repeat(64),
    'v0=' + 'g'.repeat(64),
    'a'.repeat(64),
    'v0=' + 'é'.repeat(32),
  ])
    rejects({ signature }, 'malformed')
  rejects({ signature: vector.signature?.toUpperCase().replace('V0', 'v0') }, 'malformed')
})

void test('the clock is checked on both sides, to the millisecond', () => {
  verifySlackRequest(vector, { secrets: [secret], nowMs: nowMs + 300_000 })
  verifySlackRequest(vector, { secrets: [secret], nowMs: nowMs - 300_000 })
  rejects({}, 'stale', { nowMs: nowMs + 300_001 })
  rejects({}, 'future', { nowMs: nowMs - 300_001 })
})

void test('an empty secret is refused even if the request is signed with it', () => {
  const forged = {
    rawBody: Buffer.from('{}'),
    timestamp: '1531420618',
    signature: `v0=${createHmac('sha256', '').update('v0:1531420618:{}').digest('hex')}`,
  }
  for (const secrets of [[], [''], [secret, '']])
    assert.throws(() => verifySlackRequest(forged, { secrets, nowMs }), RangeError)
})

void test('bytes that are no text are hashed as bytes', () => {
  const rawBody = Uint8Array.of(0xff, 0xfe, 0x00, 0xc3, 0x28)
  const request = signed(rawBody, nowMs / 1000)
  verifySlackRequest(request, { secrets: [secret], nowMs })
  const asText = Buffer.from(Buffer.from(rawBody).toString())
  rejects({ ...request, rawBody: asText }, 'mismatch')
})

void test('whatever is signed in time is accepted', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.integer({ min: -300, max: 300 }),
      fc.string({ minLength: 1 }),
      (rawBody, skew, key) => {
        verifySlackRequest(signed(rawBody, nowMs / 1000 + skew, key), { secrets: [key], nowMs })
      },
    ),
  )
})

void test('nothing that differs from what was signed is accepted', () => {
  const mutant = fc.oneof(
    fc.record({ rawBody: fc.uint8Array({ minLength: 1, maxLength: 400 }) }),
    fc.record({ timestamp: fc.integer({ min: nowMs / 1000 - 300, max: nowMs / 1000 + 300 }).map(String) }),
    fc.record({ signature: fc.stringMatching(/^v0=[0-9a-f]{64}$/) }),
    fc.nat({ max: 66 }).chain((at) =>
      fc.stringMatching(/^[0-9a-fvX=]$/).map((letter) => {
        const text = vector.signature ?? ''
        return { signature: text.slice(0, at) + letter + text.slice(at + 1) }
      }),
    ),
  )
  fc.assert(
    fc.property(mutant, (change: Partial<SignedSlackRequest>) => {
      const request = { ...vector, ...change }
      fc.pre(
        request.signature !== vector.signature ||
          request.timestamp !== vector.timestamp ||
          Buffer.compare(request.rawBody, vector.rawBody) !== 0,
      )
      assert.throws(() => verifySlackRequest(request, { secrets: [secret], nowMs }), SignatureRejected)
    }),
  )
})
