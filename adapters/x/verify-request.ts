import { createHmac, timingSafeEqual } from 'node:crypto'
import { MalformedEvent, SignatureRejected } from '../../domain/errors.ts'

/** A request as it came, before any parser: the bytes that were signed and the header of the signature. */
export interface SignedXRequest {
  readonly rawBody: Uint8Array
  /** `x-twitter-webhooks-signature`: `sha256=` and the base64 of 32 bytes. */
  readonly signature: string | undefined
}

const signatureOf = (signed: string | Uint8Array, secret: string) =>
  `sha256=${createHmac('sha256', secret).update(signed).digest('base64')}`

/**
 * Accepts a request that X signed with one of the consumer secrets; returns nothing. The signature has no timestamp, so a
 * captured request passes again: the unique transport key is what stops it.
 *
 * 1. Every secret is usable: an empty one would let anybody sign.
 * 2. The header is there.
 * 3. It is well-formed.
 * 4. It is the signature of the bytes under one of the secrets, compared as text (base64 has several spellings of one value)
 *    and in constant time with all of them.
 *
 * @see https://docs.x.com/x-api/webhooks/introduction
 * @throws SignatureRejected when rule 2, 3 or 4 does not hold.
 * @throws RangeError when rule 1 does not hold: that is our configuration, not the sender.
 */
export function verifyXRequest(request: SignedXRequest, options: { readonly secrets: readonly string[] }): void {
  const { rawBody, signature } = request
  if (options.secrets.length === 0 || options.secrets.includes('')) throw new RangeError('a consumer secret is empty')
  if (!signature) throw new SignatureRejected('missing')
  if (!/^sha256=[A-Za-z0-9+/]{43}=$/.test(signature)) throw new SignatureRejected('malformed')
  const presented = Buffer.from(signature)
  const matches = options.secrets.map((secret) => timingSafeEqual(Buffer.from(signatureOf(rawBody, secret)), presented))
  if (!matches.includes(true)) throw new SignatureRejected('mismatch')
}

/**
 * The `response_token` for X's challenge (CRC): `sha256=` and the base64 HMAC-SHA256 of the token.
 *
 * Anybody may ask for this, and it is made exactly like the signature of a request. A token that could be read as an event
 * would have us sign that event for a stranger, so only letters, digits and `_ . + / = -` are answered.
 *
 * @throws MalformedEvent when the token has other characters, or is empty or longer than 256.
 * @throws RangeError when the secret is empty.
 */
export function crcResponse(token: string, secret: string): string {
  if (secret === '') throw new RangeError('a consumer secret is empty')
  if (!/^[\w.+/=-]{1,256}$/.test(token)) throw new MalformedEvent('crc_token')
  return signatureOf(token, secret)
}
