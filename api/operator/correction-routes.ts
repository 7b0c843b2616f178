import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { correctionDetails } from '../../store/corrections/correction-details.ts'
import { correctionList } from '../../store/corrections/correction-list.ts'
import { inputsShown } from '../../store/learning/inputs.ts'
import { messageNamed } from './message-named.ts'
import { recordRequest } from './record-request.ts'
import type { InboundVote } from '../../domain/inbound.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import { corrections as correctionsShape, correctionState, voteRequest, voteTaken } from '../contract/corrections.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { actorOf, allow, mayWith, sendNoRole, visibleTo } from './access.ts'
import type { OperatorDeps } from './context.ts'
import { presentedCorrection } from './present.ts'

const unknownLabel = (labels: readonly string[]) => ({
  status: 422,
  title: 'The bot does not know that label',
  detail: `It knows ${labels.join(', ')}; null means that you cannot tell.`,
})

const noDetail = { votesList: [], datasets: [], confidence: null }

/** Votes on answers, and what became of them. */
export const correctionRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/corrections',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Say what an answer should have been; null: you cannot tell',
          body: voteRequest,
          response: { 202: voteTaken },
        },
      },
      async (request, reply) => {
        const { prediction: id, label: said } = request.body
        const ref = parsePredictionId(id)
        const about = ref && (await messageNamed(deps, ref.messageId))
        const bot = deps.bots().find(({ name }) => name === about?.bot)
        if (ref === undefined || about === undefined || bot === undefined) return sendNotFound(reply)
        if (!mayWith(request, bot.name, 'viewer')) return sendNoRole(reply, 'viewer')
        const known = bot.labels.map((each) => each.id)
        if (said !== null && !known.includes(said)) return sendProblem(reply, unknownLabel(known))
        const businessKey = `${bot.name}.vote.${randomUUID()}`
        const vote: InboundVote = {
          bot: bot.name,
          channel: 'http',
          businessKey,
          // Over HTTP people are known by the name of our own sign-in: the vote is that of the person who is signed in.
          authorId: actorOf(request).name,
          target: { kind: 'prediction', messageId: about.id, position: ref.position },
          ...(said !== null && { label: said }),
          via: request.fromPage === true ? 'page' : 'api',
          address: { kind: 'http' },
          sentAt: new Date().toISOString(),
        }
        await recordRequest(deps.db, { kind: 'vote', vote }, bot.name)
        return reply.code(202).send({ vote: businessKey })
      },
    )
    app.get(
      '/api/corrections',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'The newest corrections',
          querystring: z.object({
            bot: z.string().optional(),
            state: correctionState.optional(),
            limit: z.coerce.number().int().min(1).max(200).default(50),
          }),
          response: { 200: correctionsShape },
        },
      },
      async (request) => {
        const found = await correctionList(deps.db, { ...request.query, bots: visibleTo(actorOf(request)) })
        const refs = found.flatMap((each) => parsePredictionId(each.prediction) ?? [])
        const [details, inputs] = [await correctionDetails(deps.db, refs), await inputsShown(deps.db, refs)]
        const corrections = found.map((each) => ({
          ...presentedCorrection(each),
          ...(details.get(each.prediction) ?? noDetail),
          input: inputs.get(each.prediction) ?? null,
        }))
        return { corrections }
      },
    )
    done()
  }
