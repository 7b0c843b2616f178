import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { changeRole, knownPeople } from '../../store/people/people.ts'
import { sendNotFound } from '../problems.ts'
import { actorOf, allow } from './access.ts'
import type { OperatorDeps } from './context.ts'
import { people, roleRequest } from '../contract/people.ts'

/** The people and their roles. */
export const peopleRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/api/people',
      {
        ...allow(deps, 'admin', { everywhere: true }),
        schema: {
          summary: 'People under our own ids, those with a role first',
          querystring: z.object({
            id: z.uuid().optional().describe('Only this person.'),
            platformId: z.string().max(100).optional().describe('Only whoever has this id on their platform.'),
          }),
          response: { 200: people },
        },
      },
      async (request) => ({
        people: (await knownPeople(deps.db, { limit: 200, ...request.query })).map((each) => ({
          ...each,
          since: each.since.toISOString(),
          roles: { ...each.roles },
        })),
      }),
    )
    app.put(
      '/api/people/:id/roles',
      {
        ...allow(deps, 'admin'),
        schema: {
          summary: 'Give or take a role with one bot, or with every bot (*)',
          params: z.object({ id: z.uuid() }),
          body: roleRequest,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { bot: about, role: given } = request.body
        const change = { personId: request.params.id, bot: about, role: given, actor: actorOf(request).id }
        return (await changeRole(deps.db, change)) ? reply.code(204).send(null) : sendNotFound(reply)
      },
    )
    done()
  }
