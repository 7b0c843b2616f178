import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { type Actor, mayAct, type Role } from '../../domain/people.ts'
import { sendProblem } from '../problems.ts'
import type { OperatorDeps } from './deps.ts'

export const sessionCookie = 'understudy_session'
/** A form of another site cannot set a header: changes that come with a cookie need this one. */
const intentHeader = 'x-understudy'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; absent before access was checked. */
    actor?: Actor
    /** Whether they came with a cookie, from a page. */
    fromPage?: boolean
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))

const bearer = (request: FastifyRequest): string | undefined =>
  /^Bearer (\S{8,200})$/.exec(request.headers.authorization ?? '')?.[1]

async function identify(deps: OperatorDeps, request: FastifyRequest): Promise<Actor | undefined> {
  const token = bearer(request)
  if (token !== undefined)
    return deps.localAdminToken !== undefined && same(token, deps.localAdminToken) ? deps.localAdmin() : undefined
  const cookie = request.cookies[sessionCookie]
  if (cookie === undefined) return undefined
  request.fromPage = true
  return deps.sessions.actorOf(cookie)
}

const signIn = {
  status: 401,
  title: 'You are not signed in',
  detail: 'Open the link that `npm start` prints, or run `npx understudy sign-in`.',
}
const noRole = (role: Role) => ({
  status: 403,
  title: 'You may not do that',
  detail: `It needs the role ${role}; an admin can give it to you.`,
})
const notFromHere = {
  status: 403,
  title: 'The request does not come from these pages',
  detail: `Send the header ${intentHeader}: 1 with every change.`,
}

const isChange = (request: FastifyRequest) => request.method !== 'GET' && request.method !== 'HEAD'

/** What a request is about: the bot that its path or body names, else every bot. */
const botOf = (request: FastifyRequest): string => {
  const named = { ...(request.body as object | null), ...(request.params as object) } as { readonly bot?: unknown }
  return typeof named.bot === 'string' ? named.bot : '*'
}

/** Lets pass whoever has the role; where a bot is named, with that bot. A viewer may look at everything. */
export const allow =
  (deps: OperatorDeps, role: Role): preHandlerAsyncHookHandler =>
  async (request, reply): Promise<FastifyReply | undefined> => {
    const actor = await identify(deps, request)
    if (actor === undefined) return sendProblem(reply, signIn)
    if (request.fromPage === true && isChange(request) && request.headers[intentHeader] !== '1')
      return sendProblem(reply, notFromHere)
    const bot = botOf(request)
    const may = role === 'viewer' ? Object.keys(actor.roles).length > 0 : mayAct(actor, bot, role)
    if (!may) return sendProblem(reply, noRole(role))
    request.actor = actor
    return undefined
  }

/** Who asks, once `allow` has let them pass. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === undefined) throw new Error('this route does not check access')
  return request.actor
}
