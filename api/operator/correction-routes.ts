import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { InboundVote } from '../../domain/inbound.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { actorOf, allow } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { correctionState } from './shapes.ts'

const unknownLabel = (labels: readonly string[]) => ({
  status: 422,
  title: 'The bot does not know that label',
  detail: `It knows ${labels.join(', ')}; null means that you cannot tell.`,
})

/** Votes on answers, and what became of them. */
export const correctionRoutes =
  (deps: OperatorDeps): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/api/corrections',
      {
        preHandler: allow(deps, 'viewer'),
        schema: {
          summary: 'Say what an answer should have been; null: you cannot tell',
          body: z.object({ prediction: z.string(), label: z.string().nullable() }),
          response: { 202: z.object({ vote: z.string() }) },
        },
      },
      async (request, reply) => {
        const { prediction, label } = request.body
        const ref = parsePredictionId(prediction)
        const about = ref && (await deps.reports.summary(ref.messageId))
        const bot = deps.bots.find(({ name }) => name === about?.bot)
        if (ref === undefined || bot === undefined) return sendNotFound(reply)
        if (label !== null && !bot.labels.some(({ id }) => id === label))
          return sendProblem(reply, unknownLabel(bot.labels.map(({ id }) => id)))
        const businessKey = `${bot.name}.vote.${randomUUID()}`
        const vote: InboundVote = {
          bot: bot.name,
          channel: 'http',
          businessKey,
          // Our own id of them stands for a platform's, because they came by our own sign-in.
          authorId: actorOf(request).id,
          target: { kind: 'prediction', ...ref },
          ...(label !== null && { label }),
          via: request.fromPage === true ? 'page' : 'api',
          address: { kind: 'http' },
          sentAt: new Date().toISOString(),
        }
        await deps.record({ kind: 'vote', vote }, bot.name)
        return reply.code(202).send({ vote: businessKey })
      },
    )
    app.get(
      '/api/corrections',
      {
        preHandler: allow(deps, 'viewer'),
        schema: {
          summary: 'The newest corrections',
          querystring: z.object({
            bot: z.string().optional(),
            state: correctionState.optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
          response: { 200: z.object({ corrections: z.array(z.unknown()) }) },
        },
      },
      async ({ query }) => ({ corrections: [...(await deps.reports.corrections(query))] }),
    )
  }
