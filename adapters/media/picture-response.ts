import type { IncomingHttpHeaders } from 'node:http'
import { InputRefused, ServiceUnavailable } from '../../domain/errors.ts'

/** The head of an answer: its status and its headers with lower-case names. */
export interface ResponseHead {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
}

/** What refusals and retries name as the service; never the host, which a person may have typed. */
export const pictureHost = 'the picture host'

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Statuses besides 5xx that tell of a passing state (RFC 9110, RFC 6585). */
const passing: ReadonlySet<number> = new Set([408, 421, 425, 429])

const first = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

/** The target of a redirect as written, or `undefined` when the answer is none. */
export function redirectOf(head: ResponseHead): string | undefined {
  return redirects.has(head.statusCode) ? first(head.headers.location) : undefined
}

/** Milliseconds of a `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), or `undefined`. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * Judges a status that is no redirect to follow.
 * @throws ServiceUnavailable for 5xx, 429 and their like, with the wait that the host asked for.
 * @throws InputRefused `login-page` for 401 and 403, `gone` for every other status but 200: asking again would not help.
 */
export function assertFetched(head: ResponseHead, now: number): void {
  const { statusCode } = head
  if (statusCode === 200) return
  if (statusCode >= 500 || passing.has(statusCode)) {
    const wait = retryAfterMs(first(head.headers['retry-after']), now)
    throw new ServiceUnavailable(
      pictureHost,
      `status ${statusCode}`,
      wait === undefined ? undefined : { retryAfterMs: wait },
    )
  }
  throw new InputRefused(statusCode === 401 || statusCode === 403 ? 'login-page' : 'gone')
}

/**
 * Judges the headers of a 200 before any byte of the body is read.
 * @throws InputRefused `login-page` for a web page, `unreadable` for a compressed body (a small one may unpack to anything),
 * `too-large` when more than `maxBytes` are announced.
 */
export function assertPictureHeaders(head: ResponseHead, maxBytes: number): void {
  const type = first(head.headers['content-type'])?.toLowerCase() ?? ''
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/.test(type)) throw new InputRefused('login-page')
  const encoding = first(head.headers['content-encoding'])?.trim().toLowerCase() ?? ''
  if (encoding !== '' && encoding !== 'identity') throw new InputRefused('unreadable')
  if (Number(first(head.headers['content-length']) ?? 0) > maxBytes) throw new InputRefused('too-large')
}

/** Whether the bytes begin like a web page, whatever their content type says. `<!doctype svg` is a picture that we refuse later. */
export function looksLikeWebPage(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 256)).replace(/^ï»¿/, '')
  return /^\s*(?:<!--[^>]*-->\s*)*<(?:!doctype\b(?!\s+svg\b)|html\b)/i.test(start)
}

/**
 * Reads a body as it comes and stops at the cap; leaving the loop destroys the stream and with it the connection.
 * @throws InputRefused `too-large` past `maxBytes`.
 */
export async function readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > maxBytes) throw new InputRefused('too-large')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, length))
}
