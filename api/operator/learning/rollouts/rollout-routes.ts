import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { startRollout } from '../../../../operations/start-rollout.ts'
import { askedBy, sendNotDone } from '../../ask-operation.ts'
import { listedRollouts, rolloutFacts } from './rollout-facts.ts'
import { rolloutDetail, rolloutRequest, rollouts as rolloutsShape, rolloutStarted } from '../../../contract/rollouts.ts'
import { botName, versionKey } from '../../../contract/values.ts'
import { sendNotFound } from '../../../problems.ts'
import { actorOf, allow, visibleTo } from '../../access.ts'
import type { OperatorDeps } from '../../context.ts'
import { sendConflict } from '../problems.ts'
import { presentFacts, presentRollout } from './present-rollout.ts'

/** Title and detail of why a version gets no rollout. */
const whyNot: Readonly<Record<'known' | 'live' | 'baseline', (version: number) => [title: string, detail: string]>> = {
  known: (version) => ['It had its rollout', `Version ${version} is in or past it: see the page of rollouts.`],
  live: (version) => ['It is live already', `Version ${version} is answering.`],
  baseline: (version) => [
    'It is the baseline',
    `Version ${version} stays beside every other one. To let it answer again, roll back to it.`,
  ],
}

/** Versions on their way to their audience. */
export const rolloutRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/api/rollouts',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Rollouts, the newest first',
          querystring: z.object({
            bot: botName.optional(),
            active: z.enum(['true', 'false']).default('false').describe('Only those that have not ended.'),
          }),
          response: { 200: rolloutsShape },
        },
      },
      async (request) => {
        const { bot, active } = request.query
        const visible = visibleTo(actorOf(request))
        const names = deps.bots().map(({ name }) => name)
        const wanted = names.filter((name) => (visible?.includes(name) ?? true) && (bot ?? name) === name)
        return { rollouts: (await listedRollouts(deps.db, wanted, active === 'true')).map(presentRollout) }
      },
    )
    app.get(
      '/api/rollouts/:bot/:version',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'One rollout: its events, its evidence, the decisions, and whether whoever asks may decide',
          params: versionKey,
          response: { 200: rolloutDetail },
        },
      },
      async (request, reply) => {
        const { bot, version } = request.params
        const facts = await rolloutFacts(deps.db, { bot, version }, actorOf(request).id)
        return facts === undefined ? sendNotFound(reply) : presentFacts(deps, facts)
      },
    )
    app.post(
      '/api/rollouts',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Start the rollout of a registered version',
          body: rolloutRequest,
          response: { 202: rolloutStarted },
        },
      },
      async (request, reply) => {
        const { bot, version, demo } = request.body
        const done = await startRollout(deps.operations, { ...askedBy(request), bot, version, demo })
        switch (done.kind) {
          case 'started':
            return reply.code(202).send({ workflowId: done.workflowId })
          case 'unknown':
            return sendNotFound(reply)
          case 'known':
          case 'live':
          case 'baseline':
            return sendConflict(reply, ...whyNot[done.kind](version))
          default:
            return sendNotDone(reply, done)
        }
      },
    )
    done()
  }
