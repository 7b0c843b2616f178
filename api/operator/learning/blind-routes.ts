import type { FastifyReply } from 'fastify'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Bot } from '../../../domain/bot.ts'
import type { BlindOutcome } from '../../../store/blind/labels.ts'
import { blindLabelRequest, blindLabelTaken, questions as questionsShape } from '../../contract/questions.ts'
import { botName } from '../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole } from '../access.ts'
import type { OperatorDeps } from '../deps.ts'
import { inputOf, labelsInOrder } from './present.ts'
import { sendConflict } from './problems.ts'

/** So many questions at a time; the page asks again. */
const mostAtOnce = 20

const unknownLabel = { status: 422, title: 'The question does not offer that label', detail: 'null: you cannot tell.' }
const tooLate = { closed: 'The question is settled', 'too-late': 'It is too late to take the answer back' } as const

function told(reply: FastifyReply, outcome: BlindOutcome) {
  if (outcome.kind === 'noted') {
    const { question: about, votes, needed } = outcome
    return { state: about.closed ? ('closed' as const) : ('open' as const), votes, needed }
  }
  if (outcome.kind === 'unknown-question') return sendNotFound(reply)
  if (outcome.kind === 'unknown-label') return sendProblem(reply, unknownLabel)
  return sendConflict(reply, tooLate[outcome.kind], 'The next question waits.')
}

/** The labelling page: what is it, without knowing who said what? */
export const blindRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { labels, inputs } = deps.learning
    const botOf = async (questionId: string): Promise<Bot | undefined> => {
      const name = await labels.botOf(questionId)
      return deps.bots().find((bot) => bot.name === name)
    }
    app.get(
      '/api/labels',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Questions for whoever asks, disagreements first; it never says what a version answered',
          querystring: z.object({ bot: botName.optional() }),
          response: { 200: questionsShape },
        },
      },
      async (request, reply) => {
        const { bot } = request.query
        if (bot !== undefined && !mayWith(request, bot, 'reviewer')) return sendNoRole(reply, 'reviewer')
        const names = deps.bots().map(({ name }) => name)
        const bots = names.filter((name) => (bot ?? name) === name && mayWith(request, name, 'reviewer'))
        const asked = { bots, personId: actorOf(request).id }
        const open = await labels.open({ ...asked, limit: mostAtOnce })
        const known = await inputs(open)
        const questions = open.map(({ id, version, reason, askedAt, ...each }) => ({
          ...{ id, bot: each.bot, version, reason, askedAt: askedAt.toISOString(), input: inputOf(known, each) },
          labels: labelsInOrder(
            deps.bots().find(({ name }) => name === each.bot),
            each.labels,
          ),
        }))
        return { questions, progress: await labels.progress(asked) }
      },
    )
    const byId = z.object({ question: z.uuid() })
    app.post(
      '/api/labels/:question',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Answer a question; null: you cannot tell',
          params: byId,
          body: blindLabelRequest,
          response: { 200: blindLabelTaken },
        },
      },
      async (request, reply) => {
        const { question: questionId } = request.params
        const bot = await botOf(questionId)
        if (bot === undefined) return sendNotFound(reply)
        if (!mayWith(request, bot.name, 'reviewer')) return sendNoRole(reply, 'reviewer')
        const answer = { questionId, personId: actorOf(request).id, label: request.body.label }
        return told(reply, await labels.answer(bot, answer))
      },
    )
    app.delete(
      '/api/labels/:question',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Take your own answer back, within minutes',
          params: byId,
          response: { 200: blindLabelTaken },
        },
      },
      async (request, reply) => {
        const { question: questionId } = request.params
        const bot = await botOf(questionId)
        if (bot === undefined) return sendNotFound(reply)
        if (!mayWith(request, bot.name, 'reviewer')) return sendNoRole(reply, 'reviewer')
        return told(reply, await labels.undo(bot, { questionId, personId: actorOf(request).id }))
      },
    )
    done()
  }
