import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { personOfSession } from '../../store/people/sessions.ts'
import { type Actor, mayAct, type Role } from '../../domain/people.ts'
import { actorOf as personById, ensureLocalAdmin, type SignedIn } from '../../store/people/people.ts'
import { sendProblem } from '../problems.ts'
import type { OperatorDeps } from './context.ts'

export const sessionCookie = 'understudy_session'
/** A form of another site cannot set a header: changes that come with a cookie need this one. */
const intentHeader = 'x-understudy'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; absent before access was checked. */
    actor?: SignedIn
    /** Whether they came with a cookie, from a page. */
    fromPage?: boolean
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const same = (one: string, other: string) => timingSafeEqual(digest(one), digest(other))

const bearer = (request: FastifyRequest): string | undefined =>
  /^Bearer (\S{8,200})$/.exec(request.headers.authorization ?? '')?.[1]

/** Whoever sits at this machine. */
async function localAdmin({ db, ready }: OperatorDeps): Promise<SignedIn> {
  await ready()
  return personById(db, await ensureLocalAdmin(db))
}

async function actorBySession({ db, ready }: OperatorDeps, token: string): Promise<SignedIn | undefined> {
  await ready()
  const personId = await personOfSession(db, token)
  return personId === undefined ? undefined : personById(db, personId)
}

async function identify(deps: OperatorDeps, request: FastifyRequest): Promise<SignedIn | undefined> {
  const token = bearer(request)
  if (token !== undefined)
    return deps.localAdminToken !== undefined && same(token, deps.localAdminToken) ? localAdmin(deps) : undefined
  const cookie = request.cookies[sessionCookie]
  if (cookie === undefined) return undefined
  request.fromPage = true
  return actorBySession(deps, cookie)
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

/** A key that was cut, or left out by us, would let a repeat do it twice. */
const longestKey = 200
const badKey = {
  status: 400,
  title: 'The Idempotency-Key cannot be used',
  detail: `It has 1 to ${longestKey} characters; leave it out where no request is sent twice.`,
}
const hasBadKey = ({ headers }: FastifyRequest): boolean => {
  const key = headers['idempotency-key']
  return key !== undefined && (typeof key !== 'string' || key === '' || key.length > longestKey)
}

const isChange = (request: FastifyRequest) => request.method !== 'GET' && request.method !== 'HEAD'

/** The bot that a request's path, or else its body, names. */
const namedBot = (request: FastifyRequest): string | undefined => {
  const named = { ...(request.body as object | null), ...(request.params as object) } as { readonly bot?: unknown }
  return typeof named.bot === 'string' ? named.bot : undefined
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/**
 * Lets pass whoever is signed in, before the body is read, and then has the role: with the bot that the request names; with
 * every bot when `everywhere`; else with any bot, and the route looks again once it knows the bot (`mayWith`, `visibleTo`).
 */
export function allow(
  deps: OperatorDeps,
  role: Role,
  options: { readonly everywhere?: boolean } = {},
): { readonly onRequest: Hook; readonly preHandler: Hook } {
  return {
    onRequest: async (request, reply) => {
      const actor = await identify(deps, request)
      if (actor === undefined) return sendProblem(reply, signIn)
      if (request.fromPage === true && isChange(request) && request.headers[intentHeader] !== '1')
        return sendProblem(reply, notFromHere)
      if (hasBadKey(request)) return sendProblem(reply, badKey)
      request.actor = actor
      return undefined
    },
    preHandler: async (request, reply) => {
      const actor = actorOf(request)
      const bots = options.everywhere === true ? ['*'] : [namedBot(request) ?? Object.keys(actor.roles)].flat()
      return bots.some((bot) => mayAct(actor, bot, role)) ? undefined : sendNoRole(reply, role)
    },
  }
}

/** Who asks, once `allow` has let them pass. */
export function actorOf(request: FastifyRequest): SignedIn {
  if (request.actor === undefined) throw new Error('this route does not check access')
  return request.actor
}

/** Which bots a person may look at; `undefined`: all of them. */
export const visibleTo = (actor: Actor): readonly string[] | undefined =>
  mayAct(actor, '*', 'viewer') ? undefined : Object.keys(actor.roles)

/** Whether who asks has the role with this bot. */
export const mayWith = (request: FastifyRequest, bot: string, role: Role): boolean =>
  mayAct(actorOf(request), bot, role)

/** What is sent to whoever lacks a role that only the route could ask for. */
export const sendNoRole = (reply: FastifyReply, role: Role): FastifyReply => sendProblem(reply, noRole(role))
