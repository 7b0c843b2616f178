import type { FastifyReply } from 'fastify'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { labelBlindly, undoLabel } from '../../../operations/label-blindly.ts'
import { isNotDone, type NotDone } from '../../../operations/operation.ts'
import { labellingProgress, openQuestionsFor } from '../../../store/blind/blind-pages.ts'
import { blindQuestionById } from '../../../store/blind/questions.ts'
import { inputsShown } from '../../../store/learning/inputs.ts'
import { askedBy, sendNotDone } from '../ask-operation.ts'
import type { Bot } from '../../../domain/bot.ts'
import type { BlindOutcome } from '../../../store/blind/labels.ts'
import { blindLabelRequest, blindLabelTaken, questions as questionsShape } from '../../contract/questions.ts'
import { botName } from '../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole } from '../access.ts'
import type { OperatorDeps } from '../context.ts'
import { inputOf, labelsInOrder } from './present.ts'
import { sendConflict } from './problems.ts'

/** So many questions at a time; the page asks again. */
const mostAtOnce = 20

const unknownLabel = { status: 422, title: 'The question does not offer that label', detail: 'null: you cannot tell.' }
const tooLate = { closed: 'The question is settled', 'too-late': 'It is too late to take the answer back' } as const

function told(reply: FastifyReply, outcome: BlindOutcome | NotDone) {
  if (isNotDone(outcome)) return sendNotDone(reply, outcome)
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
    const botOf = async (questionId: string): Promise<Bot | undefined> => {
      const name = (await blindQuestionById(deps.db, questionId))?.bot
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
        const open = await openQuestionsFor(deps.db, { ...asked, limit: mostAtOnce })
        const known = await inputsShown(deps.db, open)
        const questions = open.map(({ id, version, reason, askedAt, ...each }) => ({
          ...{ id, bot: each.bot, version, reason, askedAt: askedAt.toISOString(), input: inputOf(known, each) },
          labels: labelsInOrder(
            deps.bots().find(({ name }) => name === each.bot),
            each.labels,
          ),
        }))
        return { questions, progress: await labellingProgress(deps.db, asked) }
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
        const label = request.body.label ?? undefined
        return told(reply, await labelBlindly(deps.operations, { ...askedBy(request), bot, questionId, label }))
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
        return told(reply, await undoLabel(deps.operations, { ...askedBy(request), bot, questionId }))
      },
    )
    done()
  }
