import { z } from 'zod'
import { BadRequest, problem } from './exchange.ts'
import type { Exchange, Reply } from './exchange.ts'

export type Params = Readonly<Record<string, string>>

/** `pattern` is a method and a path as in `POST /2/users/:id/tweets`; a segment after a colon takes any text. */
export interface Route {
  readonly pattern: string
  readonly handle: (exchange: Exchange, params: Params) => Reply | Promise<Reply>
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new BadRequest('the path cannot be decoded')
  }
}

/** The path's parameters when `pattern` (`POST /2/tweets/:id`) fits, else `undefined`. */
export function match(pattern: string, method: string, path: string): Params | undefined {
  const [wantedMethod, wantedPath = ''] = pattern.split(' ')
  if (wantedMethod !== method) return undefined
  const wanted = wantedPath.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? ''
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = decoded(value)
    else if (segment !== value) return undefined
  }
  return params
}

/** The first route that fits, with its parameters. */
export function findRoute<T extends { readonly pattern: string }>(
  routes: readonly T[],
  method: string,
  path: string,
): { readonly route: T; readonly params: Params } | undefined {
  for (const route of routes) {
    const params = match(route.pattern, method, path)
    if (params !== undefined) return { route, params }
  }
  return undefined
}

/** Answers with the route that fits, else with a 404 that names what exists. */
export function dispatch(routes: readonly Route[], exchange: Exchange): Reply | Promise<Reply> {
  const found = findRoute(routes, exchange.method, exchange.path)
  if (found !== undefined) return found.route.handle(exchange, found.params)
  return problem(
    404,
    'This simulator does not have that',
    `${exchange.method} ${exchange.path.slice(0, 200)} does not exist. There are: ${routes.map((route) => route.pattern).join(', ')}.`,
  )
}

/**
 * The JSON body of a control call, checked. An empty body is an empty object.
 * @throws BadRequest that names every fault.
 */
export function bodyOf<T>(exchange: Exchange, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(valueOf(exchange))
  if (parsed.success) return parsed.data
  throw new BadRequest(z.prettifyError(parsed.error))
}

function valueOf(exchange: Exchange): unknown {
  if (exchange.body.length === 0) return {}
  try {
    return JSON.parse(exchange.body.toString('utf8'))
  } catch {
    throw new BadRequest('the body is not JSON')
  }
}
