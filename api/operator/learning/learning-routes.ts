import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
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
import type { OperatorDeps } from '../deps.ts'
import { presentLearning } from './present.ts'
import { sendConflict, sendUnreachable } from './problems.ts'

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
        const told = bots.map(async (bot) => presentLearning(deps, bot, await deps.learning.overview(bot)))
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
        const wish = { bot: bot.name, key: randomUUID(), demo: request.body?.demo === true, actor: actorOf(request).id }
        if ((await deps.learning.askForRetrain(wish)) === 'unreachable') return sendUnreachable(reply)
        return reply.code(202).send({ key: wish.key })
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
        const cancelled = await deps.learning.cancelRetrain({ bot: bot.name, number, actor: actorOf(request).id })
        if (cancelled === 'unreachable') return sendUnreachable(reply)
        if (cancelled === 'asked') return reply.code(202).send({ number })
        if (cancelled === 'unknown') return sendNotFound(reply)
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
        const changed = await deps.learning.changeSchedule({ bot, action, note, actor: actorOf(request).id })
        return changed === 'unreachable' ? sendUnreachable(reply) : { schedule: changed }
      },
    )
    done()
  }
