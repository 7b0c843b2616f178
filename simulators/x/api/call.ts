import type { z } from 'zod'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import type { Params } from '../../wire/routes.ts'
import type { XApp } from '../apps.ts'
import { accountByHandle } from '../network.ts'
import type { Account } from '../network.ts'
import { invalidRequest } from '../problems.ts'
import type { World } from '../world.ts'

/** One call whose signature was right. */
export interface Call {
  readonly world: World
  readonly app: XApp
  readonly exchange: Exchange
  readonly params: Params
}

/** One endpoint. `short` is its name in faults and limits. */
export interface Endpoint {
  readonly pattern: string
  readonly short: string
  readonly answer: (call: Call) => Reply | Promise<Reply>
}

/** Thrown when X answers a request with a problem instead of what was asked. */
export class Refused extends Error {
  readonly reply: Reply
  constructor(reply: Reply) {
    super('refused')
    this.reply = reply
  }
}

export const callerOf = ({ world, app }: Call): Account => accountByHandle(world.network, app.handle)

/** A comma-separated parameter, as a list. */
export const listParam = ({ exchange }: Call, name: string): readonly string[] =>
  (exchange.query.get(name) ?? '').split(',').filter((part) => part !== '')

const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys'
    ? issue.keys
        .map(
          (key) =>
            `[$${issue.path.map((part) => `.${String(part)}`).join('')}.${key}: is not defined in the schema and the schema does not allow additional properties]`,
        )
        .join(', ')
    : `[$.${issue.path.join('.')}: ${issue.message}]`

/**
 * The JSON body, checked against the endpoint's schema, which allows nothing else.
 * @throws Refused with 400 as X words it.
 */
export function jsonBody<T>({ exchange }: Call, shape: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(exchange.body.toString('utf8'))
  } catch {
    throw new Refused(invalidRequest('Requests with bodies must have content-type of application/json.'))
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Refused(invalidRequest(parsed.error.issues.map(messageOf).join(', ')))
}

/** A page size within its bounds. @throws Refused with 400. */
export function pageSize(
  { exchange }: Call,
  bounds: { readonly min: number; readonly max: number; readonly standard: number },
): number {
  const given = exchange.query.get('max_results')
  const size = Number(given ?? bounds.standard)
  if (Number.isInteger(size) && size >= bounds.min && size <= bounds.max) return size
  const message = `The \`max_results\` query parameter value [${String(given).slice(0, 20)}] is not between ${bounds.min} and ${bounds.max}`
  throw new Refused(invalidRequest(message, { max_results: [String(given).slice(0, 20)] }))
}

/** One page of a list that is newest first. The token is the id of the last one that was shown. */
export function page<T extends { readonly id: string }>(call: Call, all: readonly T[], size: number) {
  const token = call.exchange.query.get('pagination_token')
  const rest = token === null ? all : all.slice(all.findIndex(({ id }) => id === token.replace(/^p/, '')) + 1)
  const shown = rest.slice(0, size)
  const last = shown.at(-1)
  return { shown, nextToken: rest.length > size && last ? `p${last.id}` : undefined }
}
