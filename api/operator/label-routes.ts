import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { addLabel } from '../../operations/add-label.ts'
import { askedBy, sendNotDone } from './ask-operation.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { allow } from './access.ts'
import type { OperatorDeps } from './context.ts'
import { botLabels, labelRequest } from '../contract/bots.ts'

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
        const done = await addLabel(deps.operations, { ...askedBy(request), bot, label: request.body })
        if (done.kind === 'refused') {
          const status = done.refusal.code === 'exists' ? 409 : 422
          return sendProblem(reply, { status, title: cannotBeAdded, detail: done.refusal.text })
        }
        if (done.kind !== 'added') return sendNotDone(reply, done)
        await deps.refreshBots()
        const known = deps.bots().find(({ name }) => name === bot.name) ?? bot
        return reply.code(201).send({ bot: bot.name, labels: known.labels.map(({ id, words }) => ({ id, words })) })
      },
    )
    done()
  }
