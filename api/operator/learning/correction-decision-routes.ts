import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { InboundVote } from '../../../domain/inbound.ts'
import { parsePredictionId } from '../../../domain/prediction.ts'
import { reviewed, reviewRequest, reviewVoteTaken } from '../../contract/corrections.ts'
import { prediction } from '../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole } from '../access.ts'
import type { OperatorDeps } from '../deps.ts'
import { sendConflict } from './problems.ts'

const needsLabel = {
  status: 422,
  title: 'Which label is right?',
  detail: 'Nobody has said one yet, or the bot does not know that one: name a label of the bot.',
}

/** A reviewer decides on a correction. Accepting is a reviewer's vote; the others go past the votes. */
export const correctionDecisionRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/corrections/:prediction/decision',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Accept, reject, quarantine or revoke a correction',
          description:
            'Accepting casts a reviewer’s vote, which is counted within moments. What is revoked leaves the next dataset; `versions` have learned from it.',
          params: z.object({ prediction }),
          body: reviewRequest,
          response: { 200: reviewed, 202: reviewVoteTaken },
        },
      },
      async (request, reply) => {
        const ref = parsePredictionId(request.params.prediction)
        const about = ref && (await deps.reports.summary(ref.messageId))
        const bot = deps.bots().find(({ name }) => name === about?.bot)
        if (ref === undefined || about === undefined || bot === undefined) return sendNotFound(reply)
        if (!mayWith(request, bot.name, 'reviewer')) return sendNoRole(reply, 'reviewer')
        const { decision, reason } = request.body
        const person = actorOf(request)
        if (decision === 'accept') {
          const leading = await deps.learning.corrections.leading(ref)
          const said = request.body.label ?? leading?.label
          if (said === undefined || !bot.labels.some(({ id }) => id === said)) return sendProblem(reply, needsLabel)
          const businessKey = `${bot.name}.vote.${randomUUID()}`
          const vote: InboundVote = {
            ...{ bot: bot.name, channel: 'http', businessKey, authorId: person.name, label: said },
            target: { kind: 'prediction', messageId: about.id, position: ref.position },
            via: request.fromPage === true ? 'page' : 'api',
            address: { kind: 'http' },
            sentAt: new Date().toISOString(),
          }
          await deps.record({ kind: 'vote', vote }, bot.name)
          return reply.code(202).send({ state: leading?.state ?? 'open', vote: businessKey })
        }
        const key = { messageId: about.id, position: ref.position }
        const found = await deps.learning.corrections.review({ ...key, decision, personId: person.id, reason })
        if (found.kind === 'unknown') return sendNotFound(reply)
        if (found.kind === 'refused')
          return sendConflict(reply, `It cannot be done to a correction that is ${found.state}`, 'Look at it again.')
        const { state, revision, channel, voteIds, versions } = found
        const news = { bot: bot.name, prediction: request.params.prediction, revision, channel, voteIds }
        await deps.learning.corrections.tellReview(news)
        return reply.code(200).send({ state, versions })
      },
    )
    done()
  }
