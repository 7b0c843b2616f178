import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { changeSchedule } from '../../../operations/change-schedule.ts'
import { isNotDone } from '../../../operations/operation.ts'
import { cancelRetrain, retrain } from '../../../operations/retrain.ts'
import { learningOverview } from './overview.ts'
import { askedBy, sendNotDone } from '../ask-operation.ts'
import {
  learning,
  retrainAsked,
  retrainCancelled,
  retrainRequest,
  scheduleChanged,
  scheduleRequest,
} from '../../contract/learning.ts'
import { botName } from '../../contract/values.ts'
import { sendNotFound } from '../../problems.ts'
import { actorOf, allow, mayWith, sendNoRole, visibleTo } from '../access.ts'
import type { OperatorDeps } from '../context.ts'
import { presentLearning } from './present.ts'
import { sendConflict } from './problems.ts'

const named = z.object({ bot: botName })

/** When the bots learn, what their retrains do, and how to ask for one. */
export const learningRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const botOf = (name: string) => deps.bots().find((bot) => bot.name === name)
    app.get(
      '/api/learning',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'What each bot waits for before it learns, its Schedule and its latest retrains',
          response: { 200: learning },
        },
      },
      async (request) => {
        const visible = visibleTo(actorOf(request))
        const bots = deps.bots().filter(({ name }) => visible?.includes(name) ?? true)
        const told = bots.map(async (bot) => presentLearning(deps, bot, await learningOverview(deps, bot)))
        return { bots: await Promise.all(told) }
      },
    )
    app.post(
      '/api/bots/:bot/retrain',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Ask a bot to learn now; its coordinator decides whether there is enough to learn from',
          params: named,
          body: retrainRequest,
          response: { 202: retrainAsked },
        },
      },
      async (request, reply) => {
        const bot = botOf(request.params.bot)
        if (bot === undefined) return sendNotFound(reply)
        const demo = request.body?.demo === true
        const done = await retrain(deps.operations, { ...askedBy(request), bot, demo })
        return done.kind === 'asked' ? reply.code(202).send({ key: done.wish }) : sendNotDone(reply, done)
      },
    )
    app.post(
      '/api/bots/:bot/retrains/:number/cancel',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Stop a retrain that runs; it ends as cancelled, and no version comes of it',
          params: named.extend({ number: z.coerce.number().int().positive() }),
          response: { 202: retrainCancelled },
        },
      },
      async (request, reply) => {
        const { number } = request.params
        const bot = botOf(request.params.bot)
        if (bot === undefined) return sendNotFound(reply)
        const done = await cancelRetrain(deps.operations, { ...askedBy(request), bot: bot.name, number })
        if (isNotDone(done)) return sendNotDone(reply, done)
        if (done.kind === 'asked') return reply.code(202).send({ number })
        if (done.kind === 'unknown') return sendNotFound(reply)
        return sendConflict(
          reply,
          `Retrain ${number} does not run`,
          'It has ended; its reason is on the page Schedules.',
        )
      },
    )
    app.post(
      '/api/bots/:bot/schedule',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: "Pause or resume a bot's Schedule (admin), or ask now what it would ask",
          params: named,
          body: scheduleRequest,
          response: { 200: scheduleChanged },
        },
      },
      async (request, reply) => {
        const bot = botOf(request.params.bot)
        if (bot === undefined) return sendNotFound(reply)
        const { action, note } = request.body
        if (action !== 'trigger' && !mayWith(request, bot.name, 'admin')) return sendNoRole(reply, 'admin')
        const done = await changeSchedule(deps.operations, { ...askedBy(request), bot, action, note })
        return done.kind === 'changed' ? { schedule: done.schedule } : sendNotDone(reply, done)
      },
    )
    done()
  }
