import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { sendProblem } from '../problems.ts'
import { actorOf, allow, sessionCookie } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { role } from './shapes.ts'

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', maxAge: 12 * 60 * 60 } as const

const usedUp = {
  status: 401,
  title: 'This link does not work any more',
  detail: 'A link can be used once, within 10 minutes. Run `npx understudy sign-in` for a new one.',
}

/** Signing in by a one-time link, and who is signed in. */
export const sessionRoutes =
  (deps: OperatorDeps): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/sign-in',
      { schema: { hide: true, querystring: z.object({ token: z.string().max(200).default('') }) } },
      async (request, reply) => {
        const session = await deps.sessions.redeem(request.query.token)
        if (session === undefined) return sendProblem(reply, usedUp)
        return reply.setCookie(sessionCookie, session, cookieOptions).redirect('/')
      },
    )
    app.get(
      '/api/session',
      {
        preHandler: allow(deps, 'viewer'),
        schema: {
          summary: 'Who is signed in, and what they may do',
          response: {
            200: z.object({
              person: z.object({ id: z.string(), name: z.string() }),
              roles: z.record(z.string(), role),
            }),
          },
        },
      },
      (request) => {
        const { id, roles } = actorOf(request)
        return Promise.resolve({ person: { id, name: roles['*'] ?? 'member' }, roles: { ...roles } })
      },
    )
    app.delete(
      '/api/session',
      { preHandler: allow(deps, 'viewer'), schema: { summary: 'Sign out', response: { 204: z.null() } } },
      async (request, reply) => {
        const token = request.cookies[sessionCookie]
        if (token !== undefined) await deps.sessions.end(token)
        return reply.clearCookie(sessionCookie, { path: '/' }).code(204).send(null)
      },
    )
    app.post(
      '/api/sign-in-links',
      {
        preHandler: allow(deps, 'admin'),
        schema: { summary: 'A link that signs in once', response: { 201: z.object({ url: z.string() }) } },
      },
      async (request, reply) => {
        const token = await deps.sessions.createLink(actorOf(request).id)
        return reply.code(201).send({ url: `${request.protocol}://${request.host}/sign-in?token=${token}` })
      },
    )
  }
