import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { MalformedEvent, SignatureRejected } from '../../domain/errors.ts'
import { parseXEvent } from './parse-event.ts'
import { crcResponse, type SignedXRequest, verifyXRequest } from './verify-request.ts'
import { testBot } from '../../test/support/bots.ts'

const secret = 'consumer-secret'
const vector: SignedXRequest = {
  rawBody: Buffer.from('{"a":1}'),
  signature: 'sha256=5gBwR3qx6BzZFVpEj/8qjvH5fyQqh0HDZEJKyiXG/+Y=',
}
const rejects = (
  change: Partial<SignedXRequest>,
  reason: SignatureRejected['reason'],
  secrets: readonly string[] = [secret],
) =>
  assert.throws(
    () => verifyXRequest({ ...vector, ...change }, { secrets }),
    (error) => error instanceof SignatureRejected && error.reason === reason,
  )
const sign = (rawBody: Uint8Array | string, key: string) =>
  `sha256=${createHmac('sha256', key).update(rawBody).digest('base64')}`

void test('the test vectors are met', () => {
  verifyXRequest(vector, { secrets: [secret] })
  assert.equal(crcResponse('challenge_string', secret), 'sha256=S/mG8E9n5SjoGuCqHguvP8K8uuu5ogCPF0dOpIdyZlk=')
})

void test('while a secret is being rotated, either of the two is accepted', () => {
  verifyXRequest(vector, { secrets: ['the-next-secret', secret] })
  verifyXRequest(vector, { secrets: [secret, 'the-next-secret'] })
  rejects({}, 'mismatch', ['the-next-secret'])
})

void test('a missing, empty or misshapen header is rejected', () => {
  rejects({ signature: undefined }, 'missing')
  rejects({ signature: '' }, 'missing')
  for (const signature of ['sha256=', vector.signature?.slice(7), 'sha1=abc=', 'sha256=' + 'é'.repeat(44)])
    rejects({ signature }, 'malformed')
})

void test('another spelling of the same base64 value is rejected', () => {
  const spelled = vector.signature?.replace(/Y=$/, 'Z=') ?? ''
  assert.deepEqual(Buffer.from(spelled.slice(7), 'base64'), Buffer.from(vector.signature?.slice(7) ?? '', 'base64'))
  rejects({ signature: spelled }, 'mismatch')
})

void test('an empty secret is refused even if the request is signed with it', () => {
  const forged = { rawBody: Buffer.from('{}'), signature: sign('{}', '') }
  for (const secrets of [[], [''], [secret, '']]) assert.throws(() => verifyXRequest(forged, { secrets }), RangeError)
  assert.throws(() => crcResponse('challenge_string', ''), RangeError)
})

void test('nobody can have an event signed by asking for a challenge', () => {
  for (const token of ['{"data":{}}', ' {}', '', 'a b', 'a"b', 'a\n', 'x'.repeat(257)])
    assert.throws(() => crcResponse(token, secret), MalformedEvent)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[\w.+/=-]{1,20}$/)), (token) => {
      let response: string
      try {
        response = crcResponse(token, secret)
      } catch {
        return
      }
      const rawBody = Buffer.from(token)
      verifyXRequest({ rawBody, signature: response }, { secrets: [secret] })
      assert.throws(() => parseXEvent(rawBody, testBot()), MalformedEvent)
    }),
  )
})

void test('whatever is signed is accepted', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string({ minLength: 1 }), (rawBody, key) => {
      verifyXRequest({ rawBody, signature: sign(rawBody, key) }, { secrets: [key] })
    }),
  )
})

void test('nothing that differs from what was signed is accepted', () => {
  const mutant = fc.oneof(
    fc.record({ rawBody: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ signature: fc.stringMatching(/^sha256=[A-Za-z0-9+/]{43}=$/) }),
    fc.record({ at: fc.nat({ max: 50 }), letter: fc.stringMatching(/^[A-Za-z0-9+/=]$/) }).map(({ at, letter }) => {
      const text = vector.signature ?? ''
      return { signature: text.slice(0, at) + letter + text.slice(at + 1) }
    }),
  )
  fc.assert(
    fc.property(mutant, (change: Partial<SignedXRequest>) => {
      const request = { ...vector, ...change }
      fc.pre(request.signature !== vector.signature || Buffer.compare(request.rawBody, vector.rawBody) !== 0)
      assert.throws(() => verifyXRequest(request, { secrets: [secret] }), SignatureRejected)
    }),
  )
})
