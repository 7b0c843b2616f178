import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { reviewCorrection } from '../../../operations/review-correction.ts'
import { correctionOf, standingVotes } from '../../../store/corrections/corrections.ts'
import type { Db } from '../../../store/db.ts'
import { askedBy, sendNotDone } from '../ask-operation.ts'
import { messageNamed } from '../message-named.ts'
import { recordRequest } from '../record-request.ts'
import type { InboundVote } from '../../../domain/inbound.ts'
import { parsePredictionId, type PredictionRef } from '../../../domain/prediction.ts'
import { sendNotFound, sendProblem } from '../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole } from '../access.ts'
import type { OperatorDeps } from '../context.ts'
import { reviewed, reviewRequest, reviewVoteTaken } from '../../contract/corrections.ts'
import { prediction } from '../../contract/values.ts'
import { sendConflict } from './problems.ts'

const needsLabel = {
  status: 422,
  title: 'Which label is right?',
  detail: 'Nobody has said one yet, or the bot does not know that one: name a label of the bot.',
}

/** The label that people settled on, else the one with most standing votes, the earliest of equals. */
async function leadingLabel(db: Db, ref: PredictionRef) {
  const correction = await correctionOf(db, ref)
  if (correction === undefined) return undefined
  const counts = new Map<string, number>()
  for (const { label: said } of await standingVotes(db, ref))
    if (said !== undefined) counts.set(said, (counts.get(said) ?? 0) + 1)
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one)
  return { state: correction.state, label: correction.label ?? most?.[0] }
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
        const about = ref && (await messageNamed(deps, ref.messageId))
        const bot = deps.bots().find(({ name }) => name === about?.bot)
        if (ref === undefined || about === undefined || bot === undefined) return sendNotFound(reply)
        if (!mayWith(request, bot.name, 'reviewer')) return sendNoRole(reply, 'reviewer')
        const { decision, reason } = request.body
        const person = actorOf(request)
        if (decision === 'accept') {
          const leading = await leadingLabel(deps.db, ref)
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
          await recordRequest(deps.db, { kind: 'vote', vote }, bot.name)
          return reply.code(202).send({ state: leading?.state ?? 'open', vote: businessKey })
        }
        const which = { messageId: about.id, position: ref.position, bot: bot.name }
        const asked = { ...askedBy(request), ...which, decision, reason }
        const found = await reviewCorrection(deps.operations, asked)
        if (found.kind === 'unknown') return sendNotFound(reply)
        if (found.kind === 'refused')
          return sendConflict(reply, `It cannot be done to a correction that is ${found.state}`, 'Look at it again.')
        if (found.kind !== 'reviewed') return sendNotDone(reply, found)
        const { state, versions } = found
        return reply.code(200).send({ state, versions: [...versions] })
      },
    )
    done()
  }
