import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { sendNotFound, sendProblem } from '../problems.ts'
import { actorOf, allow } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { namedLabel } from './shapes.ts'

/** Longer ones are no ids and no words; the domain says so in words of its own. */
const typed = z.string().trim().max(500)
const cannotBeAdded = 'The label cannot be added'

/** Labels that reviewers add while everything runs. */
export const labelRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/bots/:bot/labels',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Add a label that people can choose from now on',
          description: 'Versions that are live name it once they have learned it.',
          params: z.object({ bot: z.string().max(60) }),
          body: z.object({
            id: typed.describe('Lower-case letters, digits and dashes, at most 60 characters.'),
            words: typed.describe('What people read, at most 80 characters.'),
          }),
          response: { 201: z.object({ bot: z.string(), labels: z.array(namedLabel) }) },
        },
      },
      async (request, reply) => {
        const bot = deps.bots().find(({ name }) => name === request.params.bot)
        if (bot === undefined) return sendNotFound(reply)
        const refusal = await deps.addLabel({ bot, label: request.body, actor: actorOf(request).id })
        if (refusal) {
          const status = refusal.code === 'exists' ? 409 : 422
          return sendProblem(reply, { status, title: cannotBeAdded, detail: refusal.text })
        }
        const known = deps.bots().find(({ name }) => name === bot.name) ?? bot
        return reply.code(201).send({ bot: bot.name, labels: known.labels.map(({ id, words }) => ({ id, words })) })
      },
    )
    done()
  }
