import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { bots, checks, paused, resumed, resumeRequest } from '../contract/bots.ts'
import { sendNotFound } from '../problems.ts'
import { actorOf, allow, visibleTo } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { presentBots } from './present.ts'

const named = z.object({ bot: z.string().max(60) })

/** The bots, their pauses, and what is wrong. */
export const botRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const isKnown = (name: string) => deps.bots().some((each) => each.name === name)
    app.get(
      '/api/bots',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Every bot, how it does and how it did today',
          response: { 200: bots },
        },
      },
      async (request) => ({ bots: await presentBots(deps, visibleTo(actorOf(request))) }),
    )
    app.post(
      '/api/bots/:bot/pause',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Keep what arrives, and start nothing',
          params: named,
          response: { 200: paused },
        },
      },
      async (request, reply) => {
        if (!isKnown(request.params.bot)) return sendNotFound(reply)
        await deps.pauses.pause(request.params.bot, actorOf(request).id)
        return { bot: request.params.bot, paused: true }
      },
    )
    app.post(
      '/api/bots/:bot/resume',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Go on; what waited longer than the bot allows expires, unless all is to be answered',
          params: named,
          body: resumeRequest,
          response: { 200: resumed },
        },
      },
      async (request, reply) => {
        const { bot: name } = request.params
        if (!isKnown(name)) return sendNotFound(reply)
        const waited = await deps.pauses.resume(name, actorOf(request).id, request.body?.answerAll === true)
        return { bot: name, paused: false, waited }
      },
    )
    app.get(
      '/api/doctor',
      {
        ...allow(deps, 'viewer', { everywhere: true }),
        schema: { summary: 'What is wrong, and what to do', response: { 200: checks } },
      },
      async () => ({ checks: (await deps.doctor()).map((each) => ({ ...each })) }),
    )
    done()
  }
