import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { HTTPReceiver, isValidSlackRequest } from '@slack/bolt'
import fc from 'fast-check'
import { type Receivers, type Sent, startReceivers } from '../../test/support/soak/bolt-receivers.ts'
import { doorSecrets } from '../../test/support/soak/door-app.ts'
import { type SignedSlackRequest, verifySlackRequest } from './verify-request.ts'

/*
 * Slack's own receivers are the oracle: the same bytes on the wire go to bolt's and to our door. Ours may refuse more than they
 * do, and each such case is named; it may accept nothing that they refuse.
 */

const secret = doorSecrets.slack
const form = 'application/x-www-form-urlencoded'
const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', team_id: 'T1', event: { type: 'hat_thrown' } })

/** What is sent, unless a case says otherwise: the body above. */
type Case = Partial<Sent>

const seconds = (skew = 0) => `${Math.floor(Date.now() / 1000) + skew}`
const signatureOf = (timestamp: string, signed: string | Buffer, key: string = secret) =>
  `v0=${createHmac('sha256', key).update(`v0:${timestamp}:`).update(signed).digest('hex')}`
const headers = (timestamp: string, signature: string) => ({
  'x-slack-request-timestamp': timestamp,
  'x-slack-signature': signature,
})
const signed = (timestamp: string, text = body) => headers(timestamp, signatureOf(timestamp, text))

const open: { receivers?: Receivers } = {}
before(async () => {
  open.receivers = await startReceivers()
})
after(() => open.receivers?.close())
const receivers = () => {
  assert(open.receivers)
  return open.receivers
}
const statuses = (sent: Case) => receivers().statuses({ body, ...sent })

const everybodySays = (status: number) => ({ http: status, express: status, ours: status })

test('what bolt lets through, our door lets through', async () => {
  const hats = body.replace('hat_thrown"', 'hat_thrown","text":"ü 🎩 \u202e"')
  const handshake = JSON.stringify({ type: 'url_verification', challenge: 'abc', token: 't' })
  const good: Readonly<Record<string, Case>> = {
    'a signed event': { headers: signed(seconds()) },
    'an event with text beyond ASCII': { body: hats, headers: signed(seconds(), hats) },
    'one that is almost five minutes old': { headers: signed(seconds(-295)) },
    'one from a clock that is ahead': { headers: signed(seconds(200)) },
    'header names in capitals': {
      headers: Object.fromEntries(
        Object.entries(signed(seconds())).map(([name, value]) => [name.toUpperCase(), value]),
      ),
    },
    'the signed handshake': { body: handshake, headers: signed(seconds(), handshake) },
  }
  for (const [what, sent] of Object.entries(good)) assert.deepEqual(await statuses(sent), everybodySays(200), what)
  assert.equal(receivers().stored().length, 5)
})

test('what the receivers of bolt refuse, our door refuses, and nothing of it is stored', async () => {
  const now = seconds()
  const right = signatureOf(now, body)
  const only = (name: string, value: string) => ({ headers: { [name]: value } })
  const bad: Readonly<Record<string, Case>> = {
    'no headers': {},
    'no signature': only('x-slack-request-timestamp', now),
    'no timestamp': only('x-slack-signature', right),
    'an empty signature': { headers: headers(now, '') },
    'an empty timestamp': { headers: headers('', signatureOf('', body)) },
    'a timestamp that is no number': { headers: headers('not-a-number', signatureOf('not-a-number', body)) },
    'a signed NaN': { headers: headers('NaN', signatureOf('NaN', body)) },
    'a stale timestamp': { headers: signed(seconds(-302)) },
    'a timestamp from long ago': { headers: signed('0') },
    'a negative timestamp': { headers: signed('-1') },
    'the timestamp of another signature': { headers: headers(seconds(-7), right) },
    'a signature of another version': { headers: headers(now, right.replace('v0', 'v1')) },
    'a signature without a version': { headers: headers(now, right.slice(3)) },
    'a version without a signature': { headers: headers(now, 'v0=') },
    'a signature of another secret': { headers: headers(now, signatureOf(now, body, 'another secret')) },
    'a signature of an empty secret': { headers: headers(now, signatureOf(now, body, '')) },
    'a signature in capitals': { headers: headers(now, `v0=${right.slice(3).toUpperCase()}`) },
    'a signature cut short': { headers: headers(now, right.slice(0, -1)) },
    'a tampered body': { body: body.replace('Ev1', 'Ev9'), headers: headers(now, right) },
    'a body with a line more': { body: `${body}\n`, headers: headers(now, right) },
    'two signatures': { headers: { 'x-slack-request-timestamp': now, 'x-slack-signature': [right, right] } },
    'two timestamps': { headers: { 'x-slack-request-timestamp': [now, now], 'x-slack-signature': right } },
    'an unsigned handshake': { body: JSON.stringify({ type: 'url_verification', challenge: 'abc' }) },
    'an unsigned command': { body: 'command=%2Fpredict&team_id=T1', contentType: form },
    'a certificate check that is JSON': { body: JSON.stringify({ ssl_check: '1' }) },
  }
  receivers().stored()
  for (const [what, sent] of Object.entries(bad)) assert.deepEqual(await statuses(sent), everybodySays(401), what)
  assert.deepEqual(receivers().stored(), [])
})

test('our door is stricter in these cases, on purpose', async () => {
  const now = seconds()
  const stricter: Readonly<Record<string, Case>> = {
    // A signature that was made ahead of time would be good for as long.
    'a timestamp more than five minutes ahead': { headers: signed(seconds(310)) },
    // Numbers have one way of being written: Slack's.
    'a timestamp with a fraction': { headers: headers(`${now}.0`, signatureOf(now, body)) },
    'a timestamp in hexadecimal': {
      headers: headers(`0x${Number(now).toString(16)}`, signatureOf(now, body)),
    },
  }
  receivers().stored()
  for (const [what, sent] of Object.entries(stricter)) {
    const { http, ours } = await statuses(sent)
    assert.deepEqual({ http, ours }, { http: 200, ours: 401 }, what)
  }
  const { http, ours } = await statuses({ headers: headers(now, `${signatureOf(now, body)}=more`) })
  assert.deepEqual({ http, ours }, { http: 200, ours: 401 }, 'a signature with something after it')
  assert.deepEqual(receivers().stored(), [])
})

test('the certificate check needs no signature, and what is smuggled into it is not read', async () => {
  receivers().stored()
  // The Express receiver asks for a signature first, although Slack sends none here.
  const answers = { http: 200, express: 401, ours: 200 }
  assert.deepEqual(await statuses({ body: 'ssl_check=1&token=t', contentType: form }), answers)
  const smuggled = new URLSearchParams({ ssl_check: '1', payload: body, command: '/predict' }).toString()
  assert.deepEqual(await statuses({ body: smuggled, contentType: form }), answers)
  assert.deepEqual(receivers().stored(), [])
})

test('neither takes an empty secret', () => {
  const timestamp = seconds()
  const request = { rawBody: Buffer.from(body), timestamp, signature: signatureOf(timestamp, body, '') }
  assert.equal(boltAccepts(request, { key: '', nowMs: Date.now() }), false)
  assert.throws(() => verifySlackRequest(request, { secrets: [''], nowMs: Date.now() }), RangeError)
  assert.throws(() => new HTTPReceiver({ signingSecret: '' }))
})

function boltAccepts(
  { rawBody, timestamp, signature }: SignedSlackRequest,
  options: { readonly key: string; readonly nowMs: number },
): boolean {
  return isValidSlackRequest({
    signingSecret: options.key,
    body: Buffer.from(rawBody).toString(),
    headers: { 'x-slack-signature': signature ?? '', 'x-slack-request-timestamp': Number(timestamp) },
    nowMilliseconds: options.nowMs,
  })
}

function weAccept(request: SignedSlackRequest, options: { readonly key: string; readonly nowMs: number }): boolean {
  try {
    verifySlackRequest(request, { secrets: [options.key], nowMs: options.nowMs })
    return true
  } catch {
    return false
  }
}

const nowMs = 1_765_000_000_000
const wholeSeconds = nowMs / 1000

test('of any text, signed in any second around now, both judge alike but for the future', () => {
  const request = fc.record({ text: fc.string({ unit: 'binary' }), skew: fc.integer({ min: -310, max: 310 }) })
  const right = { key: secret, nowMs }
  fc.assert(
    fc.property(request, ({ text, skew }) => {
      const timestamp = `${wholeSeconds + skew}`
      const rawBody = Buffer.from(text)
      const sent = { rawBody, timestamp, signature: signatureOf(timestamp, rawBody) }
      assert.equal(boltAccepts(sent, right), skew >= -300)
      assert.equal(weAccept(sent, right), skew >= -300 && skew <= 300)
    }),
  )
})

test('whatever is changed about a signed text, we accept nothing that bolt refuses', () => {
  const letter = fc.stringMatching(/^[0-9a-fA-F=v, ]$/)
  const cut = (text: string, at: number, put: string) => text.slice(0, at) + put + text.slice(at + 1)
  const timestamp = `${wholeSeconds}`
  const signature = signatureOf(timestamp, body)
  const change = fc.oneof(
    fc.record({ rawBody: fc.string().map((text) => Buffer.from(text)) }),
    fc.tuple(fc.nat({ max: 67 }), letter).map(([at, put]) => ({ signature: cut(signature, at, put) })),
    fc.tuple(fc.nat({ max: 10 }), letter).map(([at, put]) => ({ timestamp: cut(timestamp, at, put) })),
    fc.constant({}),
  )
  const right = { key: secret, nowMs }
  let accepted = 0
  fc.assert(
    fc.property(change, (changed: Partial<SignedSlackRequest>) => {
      const sent = { rawBody: Buffer.from(body), timestamp, signature, ...changed }
      if (weAccept(sent, right)) {
        accepted += 1
        assert(boltAccepts(sent, right))
      }
    }),
    { numRuns: 500 },
  )
  assert(accepted > 0)
})
