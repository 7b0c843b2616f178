import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import { SendFailed, ServiceUnavailable } from '../../../domain/errors.ts'
import { defaultWaitSeconds } from './web-client.ts'

/** What is known after a call that did not succeed. */
interface Failure {
  readonly delivery: 'not-sent' | 'unknown'
  readonly reason: string
  readonly permanent?: boolean
  readonly retryAfterMs?: number
}

/** Slack will not take this reply, however often it is asked. */
const permanent: ReadonlySet<string> = new Set([
  'access_denied',
  'account_inactive',
  'cannot_reply_to_message',
  'channel_not_found',
  'ekm_access_denied',
  'invalid_auth',
  'is_archived',
  'message_limit_exceeded',
  'messages_tab_disabled',
  'metadata_too_large',
  'missing_scope',
  'msg_too_long',
  'no_permission',
  'no_text',
  'not_allowed_token_type',
  'not_authed',
  'not_in_channel',
  'thread_locked',
  'token_expired',
  'token_revoked',
  'user_not_found',
  'user_not_in_channel',
])

/** "It's possible some aspect of the operation succeeded": the reply may be visible. */
const ambiguous: ReadonlySet<string> = new Set([
  'duplicate_channel_not_found',
  'duplicate_message_not_found',
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
])

const rateLimited: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited'])

const waiting = (reason: string, seconds: number): Failure => ({
  delivery: 'not-sent',
  reason,
  retryAfterMs: Math.max(seconds, 1) * 1000,
})

function platformFailure(error: WebAPIPlatformError): Failure {
  const { error: code, response_metadata: metadata } = error.data as Partial<WebAPIPlatformError['data']>
  // A body that is not JSON arrives here as its own error code: it may be a page of text.
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]{0,79}$/.test(code))
    return { delivery: 'unknown', reason: 'answer_not_json' }
  if (rateLimited.has(code)) return waiting(code, metadata?.retryAfter ?? defaultWaitSeconds)
  if (ambiguous.has(code)) return { delivery: 'unknown', reason: code }
  return { delivery: 'not-sent', reason: code, permanent: permanent.has(code) || code.startsWith('restricted_action') }
}

const httpFailure = (status: number): Failure => ({
  delivery: status >= 500 || status === 408 ? 'unknown' : 'not-sent',
  reason: `http_${status}`,
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The first error of a chain of causes that has a code, as `code` and `syscall`. */
function rootOf(error: unknown, depth = 0): { readonly code: string; readonly syscall: string } {
  if (!(error instanceof Error) || depth > 4) return { code: '', syscall: '' }
  const { code, syscall, cause, name } = error as Error & Record<'code' | 'syscall', unknown>
  if (typeof code === 'string') return { code, syscall: text(syscall) }
  return cause === undefined ? { code: name, syscall: '' } : rootOf(cause, depth + 1)
}

const beforeAnythingWasWritten: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

function networkFailure(error: unknown): Failure {
  const { code, syscall } = rootOf(error)
  const neverConnected = beforeAnythingWasWritten.has(code) || syscall === 'connect'
  return { delivery: neverConnected ? 'not-sent' : 'unknown', reason: code || 'no_answer' }
}

function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return waiting('ratelimited', error.retryAfter)
  if (error instanceof WebAPIPlatformError) return platformFailure(error)
  if (error instanceof WebAPIHTTPError) return httpFailure(error.statusCode)
  return networkFailure(error instanceof WebAPIRequestError ? error.original : error)
}

/**
 * What a failed post means. Whatever is not known for certain is `unknown`. The client's error is not kept as the cause: it
 * holds Slack's answer, which may hold people's words, and causes travel into workflow histories.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage (errors)
 */
export const sendFailureOf = (error: unknown): SendFailed => new SendFailed(failureOf(error))

/** The code of Slack's `ok: false` answer, or `undefined` when the failure was another. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? platformFailure(error).reason : undefined

/** Slack will not let this bot read that, however often it is asked: a scope is missing, the token or the place is gone. */
export const isForbiddenToRead = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && failureOf(error).permanent === true

/**
 * What a failed look for an earlier attempt means: it did no harm and may be repeated, unless Slack will never let us look.
 * Then the attempt stays as it is, of unknown delivery.
 */
export function lookFailureOf(error: unknown): ServiceUnavailable | SendFailed {
  if (!isForbiddenToRead(error)) return readFailureOf(error)
  return new SendFailed({ delivery: 'unknown', reason: failureOf(error).reason, permanent: true })
}

/** What a failed read means: it did not harm and may be repeated. */
export function readFailureOf(error: unknown): ServiceUnavailable {
  if (error instanceof ServiceUnavailable) return error
  const { reason, retryAfterMs } = failureOf(error)
  return new ServiceUnavailable('slack', reason, retryAfterMs === undefined ? {} : { retryAfterMs })
}
