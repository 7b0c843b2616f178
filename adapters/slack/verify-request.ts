import { createHmac, timingSafeEqual } from 'node:crypto'
import { SignatureRejected } from '../../domain/errors.ts'

/** How far Slack's clock and ours may differ, on either side, in milliseconds (docs.slack.dev: 5 minutes). */
const signatureToleranceMs = 300_000

/** A request as it came, before any parser: the bytes that were signed and the two headers of the signature. */
export interface SignedSlackRequest {
  readonly rawBody: Uint8Array
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined
  /** `X-Slack-Signature`: `v0=` and 64 lower-case hexadecimal digits. */
  readonly signature: string | undefined
}

const signatureOf = (request: { readonly rawBody: Uint8Array; readonly timestamp: string }, secret: string) =>
  `v0=${createHmac('sha256', secret).update(`v0:${request.timestamp}:`).update(request.rawBody).digest('hex')}`

/**
 * Accepts a request that Slack signed with one of the secrets within the last or next five minutes; returns nothing.
 *
 * 1. Every secret is usable: an empty one would let anybody sign.
 * 2. Both headers are there.
 * 3. Both are well-formed.
 * 4. The timestamp is not older than the tolerance.
 * 5. The timestamp is not further ahead than the tolerance.
 * 6. The signature is that of the bytes under one of the secrets, compared in constant time with all of them.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 * @throws SignatureRejected when rule 2, 3, 4, 5 or 6 does not hold.
 * @throws RangeError when rule 1 does not hold: that is our configuration, not the sender.
 */
export function verifySlackRequest(
  request: SignedSlackRequest,
  options: { readonly secrets: readonly string[]; readonly nowMs: number },
): void {
  const { rawBody, timestamp, signature } = request
  if (options.secrets.length === 0 || options.secrets.includes('')) throw new RangeError('a signing secret is empty')
  if (!timestamp || !signature) throw new SignatureRejected('missing')
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) throw new SignatureRejected('malformed')
  const ageMs = options.nowMs - Number(timestamp) * 1000
  if (ageMs > signatureToleranceMs) throw new SignatureRejected('stale')
  if (ageMs < -signatureToleranceMs) throw new SignatureRejected('future')
  const presented = Buffer.from(signature)
  const matches = options.secrets.map((secret) =>
    timingSafeEqual(Buffer.from(signatureOf({ rawBody, timestamp }, secret)), presented),
  )
  if (!matches.includes(true)) throw new SignatureRejected('mismatch')
}
