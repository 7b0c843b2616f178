import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { botLabels, labelRequest } from '../contract/bots.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { actorOf, allow } from './access.ts'
import type { OperatorDeps } from './deps.ts'

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
          body: labelRequest,
          response: { 201: botLabels },
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
