import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { pause, resume } from '../../operations/pause.ts'
import { askedBy, sendNotDone } from './ask-operation.ts'
import { bots, checks, paused, resumed, resumeRequest } from '../contract/bots.ts'
import { sendNotFound } from '../problems.ts'
import { actorOf, allow, visibleTo } from './access.ts'
import type { OperatorDeps } from './context.ts'
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
        const done = await pause(deps.operations, { ...askedBy(request), bot: request.params.bot })
        return done.kind === 'paused' ? { bot: request.params.bot, paused: true } : sendNotDone(reply, done)
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
        const answerAll = request.body?.answerAll === true
        const done = await resume(deps.operations, { ...askedBy(request), bot: name, answerAll })
        return done.kind === 'resumed' ? { bot: name, paused: false, waited: done.waited } : sendNotDone(reply, done)
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
