import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { rolloutWorkflowId } from '../../../../domain/keys.ts'
import { rolloutDetail, rolloutRequest, rollouts as rolloutsShape, rolloutStarted } from '../../../contract/rollouts.ts'
import { botName, versionKey } from '../../../contract/values.ts'
import { sendNotFound } from '../../../problems.ts'
import { actorOf, allow, visibleTo } from '../../access.ts'
import type { OperatorDeps } from '../../deps.ts'
import { sendConflict, sendUnreachable } from '../problems.ts'
import { presentFacts, presentRollout } from './present-rollout.ts'

/** Versions on their way to their audience. */
export const rolloutRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { rollouts, versions } = deps.learning
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
        return { rollouts: (await rollouts.list(wanted, active === 'true')).map(presentRollout) }
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
        const facts = await rollouts.one({ bot, version }, actorOf(request).id)
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
        if (!(await versions.list(bot)).some((one) => one.version === version)) return sendNotFound(reply)
        const [serving, before] = [await versions.servingSet(bot), await rollouts.known({ bot, version })]
        if (before !== undefined)
          return sendConflict(
            reply,
            'It had its rollout',
            `Version ${version} is in or past it: see the page of rollouts.`,
          )
        if (serving?.members.some((member) => member.version === version && member.stage === 'live') === true)
          return sendConflict(reply, 'It is live already', `Version ${version} is answering.`)
        if (serving?.members.some((member) => member.version === version && member.baseline) === true)
          return sendConflict(
            reply,
            'It is the baseline',
            `Version ${version} stays beside every other one. To let it answer again, roll back to it.`,
          )
        const started = await rollouts.start({ bot, version, demo, actor: actorOf(request).id })
        if (started === 'unreachable') return sendUnreachable(reply)
        if (started === 'known') return sendConflict(reply, 'It had its rollout', 'Temporal knows it already.')
        return reply.code(202).send({ workflowId: rolloutWorkflowId(bot, version) })
      },
    )
    done()
  }
