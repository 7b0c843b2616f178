import type { FastifyRequest } from 'fastify'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { endSession, giveSignInLink, redeemSignInLink } from '../../store/people/sessions.ts'
import { session as sessionShape, signInLink, signInLinkRequest } from '../contract/people.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { signInLimit } from '../rate-limits.ts'
import { actorOf, allow, sessionCookie } from './access.ts'
import type { OperatorDeps } from './context.ts'

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', maxAge: 12 * 60 * 60 } as const

/** Where people reach us: as configured, else where this request came to. */
const baseOf = (deps: OperatorDeps, request: FastifyRequest): string =>
  (deps.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '')

const usedUp = {
  status: 401,
  title: 'This link does not work any more',
  detail: 'A link can be used once, within 10 minutes. Run `npx understudy sign-in` for a new one.',
}

/** Signing in by a one-time link, and who is signed in. */
export const sessionRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/sign-in',
      {
        config: signInLimit,
        schema: { hide: true, querystring: z.object({ token: z.string().max(200).default('') }) },
      },
      async (request, reply) => {
        await deps.ready()
        const session = await redeemSignInLink(deps.db, request.query.token)
        if (session === undefined) return sendProblem(reply, usedUp)
        const secure = baseOf(deps, request).startsWith('https:')
        return reply
          .header('cache-control', 'no-store')
          .setCookie(sessionCookie, session, { ...cookieOptions, secure })
          .redirect('/')
      },
    )
    app.get(
      '/api/session',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Who is signed in, and what they may do',
          response: { 200: sessionShape },
        },
      },
      (request) => {
        const { id, name, roles } = actorOf(request)
        return Promise.resolve({ person: { id, name }, roles: { ...roles } })
      },
    )
    app.delete(
      '/api/session',
      { ...allow(deps, 'viewer'), schema: { summary: 'Sign out', response: { 204: z.null() } } },
      async (request, reply) => {
        const token = request.cookies[sessionCookie]
        if (token !== undefined) await endSession(deps.db, token)
        return reply.clearCookie(sessionCookie, { path: '/' }).code(204).send(null)
      },
    )
    app.post(
      '/api/sign-in-links',
      {
        ...allow(deps, 'admin', { everywhere: true }),
        config: signInLimit,
        schema: {
          summary: 'A link that signs in once, oneself or somebody else',
          body: signInLinkRequest,
          response: { 201: signInLink },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request).id
        const token = await giveSignInLink(deps.db, { actor, personId: request.body?.personId ?? actor })
        if (token === undefined) return sendNotFound(reply)
        return reply.code(201).send({ url: `${baseOf(deps, request)}/sign-in?token=${token}` })
      },
    )
    done()
  }
