import { ApiPartialResponseError, ApiRequestError, ApiResponseError } from 'twitter-api-v2'
import { z } from 'zod'
import { SendFailed, ServiceUnavailable } from '../../../domain/errors.ts'
import { HeldBack } from './api.ts'
import { limitsIn, usedUp, waitUntil } from './limit-headers.ts'

/** What is known after a call that did not succeed. */
interface Failure {
  readonly delivery: 'not-sent' | 'unknown'
  readonly reason: string
  readonly permanent?: boolean
  readonly retryAfterMs?: number
}

const problem = z
  .object({
    detail: z.string().catch(''),
    type: z.string().catch(''),
    errors: z.array(z.object({ code: z.number().optional().catch(undefined) })).catch([]),
  })
  .catch({ detail: '', type: '', errors: [] })
type Problem = z.infer<typeof problem>

/** 187: a post with this text exists. 151: "You already said that", which comes although the message was sent. */
const alreadySaid: ReadonlySet<number> = new Set([151, 187])
/** The account or the app is not allowed anything now; an operator can mend it: 64, 326, 261, 220, 416. */
const accountTroubles: ReadonlySet<number> = new Set([64, 220, 261, 326, 416])
const accountTypes: ReadonlySet<string> = new Set(['client-forbidden', 'unsupported-authentication', 'usage-capped'])

/** The last part of a problem's type, `usage-capped` of `https://api.twitter.com/2/problems/usage-capped`. */
const kindOf = ({ type }: Problem): string => /[/#]([a-z][a-z-]{0,40})$/.exec(type)?.[1] ?? ''
const codesOf = ({ errors }: Problem): readonly number[] => errors.flatMap(({ code }) => code ?? [])

/** Until when X said to wait: the reset of the longest limit that is used up, else of the 15-minute one. */
function waitOf(headers: ApiResponseError['headers']): number | undefined {
  const resets = usedUp(limitsIn(headers)).map(({ resetMs }) => resetMs)
  return resets.length > 0 ? waitUntil(Math.max(...resets), Date.now()) : undefined
}

/** The status with the platform's own codes: never its words, which may repeat a person's. */
const reasonOf = (status: number, found: Problem) => [status, ...codesOf(found), kindOf(found)].join(' ').trim()

function forbidden(found: Problem, reason: string): Failure {
  const codes = codesOf(found)
  if (/duplicate content/i.test(found.detail) || codes.some((code) => alreadySaid.has(code)))
    return { delivery: 'unknown', reason: `${reason} duplicate` }
  const mendable = accountTypes.has(kindOf(found)) || codes.some((code) => accountTroubles.has(code))
  return { delivery: 'not-sent', reason, permanent: !mendable }
}

const permanentStatuses: ReadonlySet<number> = new Set([400, 404, 410, 413, 422])

function responseFailure(error: ApiResponseError): Failure {
  const status = error.code
  const found = problem.parse(error.data)
  const reason = reasonOf(status, found)
  if (status === 429 || status === 420) {
    const retryAfterMs = waitOf(error.headers)
    return { delivery: 'not-sent', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
  if (status >= 500 || status === 408) return { delivery: 'unknown', reason }
  if (status === 403) return forbidden(found, reason)
  return { delivery: 'not-sent', reason, permanent: permanentStatuses.has(status) }
}

const systemError = z.object({ code: z.string().catch(''), syscall: z.string().catch('') })
const beforeAnythingWasWritten: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Where the client hides Node's error: its getter reads another name (node-twitter-api-v2#358). */
const hidden = z.object({ error: z.unknown() })

function networkFailure(error: ApiRequestError): Failure {
  const options: unknown = Reflect.get(error, '_options')
  const held = hidden.safeParse(options)
  const cause = held.success ? held.data.error : undefined
  const { code, syscall } = systemError.catch({ code: '', syscall: '' }).parse(cause)
  const neverConnected = beforeAnythingWasWritten.has(code) || syscall === 'connect'
  return { delivery: neverConnected ? 'not-sent' : 'unknown', reason: code || 'no answer' }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ApiResponseError) return responseFailure(error)
  if (error instanceof ApiRequestError) return networkFailure(error)
  if (error instanceof HeldBack)
    return { delivery: 'not-sent', reason: error.message, retryAfterMs: error.retryAfterMs }
  return { delivery: 'unknown', reason: error instanceof ApiPartialResponseError ? 'half an answer' : 'no answer' }
}

/**
 * What a failed post means. Whatever is not known for certain is `unknown`; "duplicate content" is too, because it probably
 * means that an earlier attempt arrived. A refused token is retried: an operator can mend it. The client's error is not kept
 * as the cause: it holds the signed request.
 */
export const sendFailureOf = (error: unknown): SendFailed => new SendFailed(failureOf(error))

/** Whether X says that what was asked for is not there, or not for us to see any more. */
export const saysGone = (error: unknown): boolean =>
  error instanceof ApiResponseError && (error.code === 404 || error.code === 410)

/** What a failed read means: it did not harm and may be repeated. */
export function readFailureOf(error: unknown): ServiceUnavailable {
  const { reason, retryAfterMs } = failureOf(error)
  return new ServiceUnavailable('x', reason, retryAfterMs === undefined ? {} : { retryAfterMs })
}
