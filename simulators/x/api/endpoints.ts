import { problem } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import { findRoute, match } from '../../wire/routes.ts'
import type { XApp } from '../apps.ts'
import { accountOf } from '../oauth.ts'
import { unauthorized } from '../problems.ts'
import type { World } from '../world.ts'
import { Refused } from './call.ts'
import type { Call, Endpoint } from './call.ts'
import { directMessageEndpoints } from './direct-messages.ts'
import { postEndpoints } from './posts.ts'
import { userEndpoints } from './users.ts'

const endpoints: readonly Endpoint[] = [...postEndpoints, ...userEndpoints, ...directMessageEndpoints]

/** Downloads can fail by script too, under these names. */
export const downloads = { posts: 'media', messages: 'dm_media' } as const

/** The names that a fault may use: `POST /2/tweets` or `tweets`. */
export const methodNames: readonly string[] = [
  ...endpoints.flatMap(({ short, pattern }) => [short, pattern]),
  ...Object.values(downloads),
]

/** `text` is a short name, the pattern itself, or a method and path that fit it. */
function names(endpoint: Endpoint, text: string): boolean {
  if (text === endpoint.short) return true
  const [method = '', path = ''] = text.split(' ')
  return match(endpoint.pattern, method.toUpperCase(), path) !== undefined
}

export const isMethod = (text: string): boolean =>
  methodNames.includes(text) || endpoints.some((endpoint) => names(endpoint, text))

async function answered(endpoint: Endpoint, call: Call): Promise<Reply> {
  const { accountId: account, consumerKey: app } = call.app
  const taken = call.world.limits.take({ name: endpoint.short, account, app }, Date.now())
  if ('refused' in taken) return taken.refused
  try {
    const reply = await endpoint.answer(call)
    return reply.kind === 'whole' ? { ...reply, headers: { ...reply.headers, ...taken.headers } } : reply
  } catch (error) {
    if (error instanceof Refused) return error.reply
    throw error
  }
}

/** `https://api.x.com`: OAuth 1.0a first, then scripted faults, then the endpoint. */
export async function callApi(world: World, exchange: Exchange): Promise<Reply> {
  const found = findRoute(endpoints, exchange.method, exchange.path)
  if (found === undefined) {
    const known = endpoints.map(({ pattern }) => pattern).join(', ')
    return problem(404, 'This simulator does not have that endpoint', `There are: ${known}.`)
  }
  // Reached without a Host of X's, by a tool on this machine, it is the API all the same.
  const host = exchange.host.endsWith('.x.com') ? exchange.host : 'api.x.com'
  const app: XApp | undefined = accountOf(world.apps, exchange, { host })
  if (app === undefined) return unauthorized()
  const { route, params } = found
  return world.faults.around(
    (method) => names(route, method),
    () => answered(route, { world, app, exchange, params }),
  )
}
