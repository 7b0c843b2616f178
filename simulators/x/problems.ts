import { html, json } from '../wire/exchange.ts'
import type { Reply } from '../wire/exchange.ts'
import type { Fault } from '../wire/faults.ts'

const problems = 'https://api.twitter.com/2/problems'

const aboutBlank = (status: number, title: string, detail: string) =>
  json({ detail, type: 'about:blank', title, status }, { status })

export const unauthorized = (): Reply =>
  json({ title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' }, { status: 401 })

export const forbidden = (detail: string): Reply => aboutBlank(403, 'Forbidden', detail)

export const badRequest = (detail: string): Reply => aboutBlank(400, 'Bad Request', detail)

/** X's answer to a field or parameter that is wrong. `parameters`: its name and what was given. */
export const invalidRequest = (message: string, parameters: Readonly<Record<string, readonly string[]>> = {}): Reply =>
  json(
    {
      errors: [{ parameters, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: `${problems}/invalid-request`,
    },
    { status: 400 },
  )

/** X tells of things that are not there with 200 and `errors`. */
export const notFound = (resource: 'tweet' | 'user' | 'dm_event', id: string): Reply =>
  json({
    errors: [
      {
        value: id,
        detail: `Could not find ${resource} with id: [${id}].`,
        title: 'Not Found Error',
        resource_type: resource,
        parameter: 'id',
        resource_id: id,
        type: `${problems}/resource-not-found`,
      },
    ],
  })

/** 429 in one of its two bodies, with the headers that tell of the limit. */
export function tooManyRequests(options: {
  readonly headers: Readonly<Record<string, string>>
  readonly style: 'problem' | 'v1'
}): Reply {
  const body =
    options.style === 'v1'
      ? { errors: [{ code: 88, message: 'Rate limit exceeded' }] }
      : { title: 'Too Many Requests', detail: 'Too Many Requests', type: 'about:blank', status: 429 }
  return json(body, { status: 429, headers: options.headers })
}

/** The headers of a limit of 100 that is used up. */
const usedUp = (reset: number | undefined) => ({
  'x-rate-limit-limit': '100',
  'x-rate-limit-remaining': '0',
  ...(reset !== undefined && { 'x-rate-limit-reset': `${reset}` }),
})

const overCapacity = '<!DOCTYPE html><html><head><title>X / Over capacity</title></head><body></body></html>'

/** How X words a scripted fault; it has no `ok_false`. */
export function faultWords(fault: Fault): Reply | undefined {
  const status = fault.status ?? 500
  if (fault.kind === 'ok_false') return undefined
  if (fault.kind === 'rate_limited') {
    const reset = Math.ceil(Date.now() / 1000 + fault.retryAfter)
    return tooManyRequests({ headers: usedUp(fault.retryHeader ? reset : undefined), style: fault.style })
  }
  if (status === 503) return html(overCapacity, { status })
  return json({ title: 'Service Error', detail: 'Service Error', type: 'about:blank', status }, { status })
}
