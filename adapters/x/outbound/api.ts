import { ApiResponseError } from 'twitter-api-v2'
import { callTimeoutMs, createClient, type XAccess } from './client.ts'
import { type Answered, type ClosedEndpoint, createEndpointLimits, type EndpointLimits } from './endpoint-limits.ts'

/** Thrown instead of a call that would be one too many; nothing was sent. */
export class HeldBack extends Error {
  readonly retryAfterMs: number
  constructor(endpoint: string, retryAfterMs: number) {
    super(`rate limit of ${endpoint}`)
    this.retryAfterMs = retryAfterMs
  }
}

/** X's API v2 as one account may use it now. Both throw the client's errors, and HeldBack. */
export interface XApi {
  readonly get: (path: string, query: Readonly<Record<string, string>>) => Promise<unknown>
  readonly post: (path: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>
}

/** Goes with every request; the helpers of the client cannot set it, so only its generic verbs are used. */
const within = { timeout: callTimeoutMs, fullResponse: true } as const

/** `POST dm_conversations/with/:id/messages`: X counts per endpoint, and nobody's id is told. */
const endpointOf = (method: string, path: string): string =>
  `${method} ${path.replaceAll(/(?<=^|\/)\d+(?=\/|$)/g, ':id')}`

interface Response {
  readonly data: unknown
  readonly headers: NonNullable<Answered>['headers']
}

async function limited(limits: EndpointLimits, endpoint: string, call: () => Promise<Response>): Promise<unknown> {
  const place = limits.enter(endpoint)
  if ('waitMs' in place) throw new HeldBack(endpoint, place.waitMs)
  let answered: Answered
  try {
    const { data, headers } = await call()
    answered = { status: 200, headers }
    return data
  } catch (error) {
    if (error instanceof ApiResponseError) answered = { status: error.code, headers: error.headers }
    throw error
  } finally {
    place.leave(answered)
  }
}

/**
 * One account's way to X's API, its rate limits kept (https://docs.x.com/x-api/fundamentals/rate-limits): what X has told is remembered per endpoint, in this process.
 * @param options.closed is told once of each endpoint that takes no more calls until its reset.
 */
export function openApi(options: {
  readonly credentials: XAccess
  readonly apiUrl: string
  readonly closed?: ((endpoint: ClosedEndpoint) => void) | undefined
}): XApi {
  const client = createClient(options)
  const limits = createEndpointLimits({ now: Date.now, tell: (endpoint) => options.closed?.(endpoint) })
  return {
    get: (path, query) =>
      limited(limits, endpointOf('GET', path), () => client.v2.get<unknown>(path, { ...query }, within)),
    post: (path, body) =>
      limited(limits, endpointOf('POST', path), () => client.v2.post<unknown>(path, { ...body }, within)),
  }
}
