import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { decide } from '../../../../operations/decide.ts'
import { rollBack } from '../../../../operations/roll-back.ts'
import { latestEvidence } from '../../../../store/rollouts/evidence/evidence.ts'
import { askedBy, sendNotDone } from '../../ask-operation.ts'
import {
  decisionApplied,
  decisionRequest,
  decisionRequested,
  rollbackRequest,
  rolledBack,
} from '../../../contract/rollouts.ts'
import { botName, versionKey } from '../../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../../problems.ts'
import { allow } from '../../access.ts'
import type { OperatorDeps } from '../../context.ts'
import { sendConflict } from '../problems.ts'

/** What the person lacks, rather than what the rollout does. */
const personal: ReadonlySet<string> = new Set(['not-approver', 'own-data'])

/** A person lets a version on stage, keeps it waiting, or sends it away; and takes it back. */
export const decisionRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/rollouts/:bot/:version/decision',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Promote, hold or reject a version on the evidence that is named',
          description: 'An inconclusive verdict can be promoted with `override`, which is recorded; a fail cannot.',
          params: versionKey,
          body: decisionRequest,
          response: { 200: decisionApplied, 202: decisionRequested },
        },
      },
      async (request, reply) => {
        const { bot, version } = request.params
        const { evidenceId, decision, override, reason: words } = request.body
        const evidence = await latestEvidence(deps.db, { bot, version })
        if (evidence === undefined) return sendNotFound(reply)
        const isInconclusive = evidence.payload.judgement.verdict === 'inconclusive'
        if (decision === 'promote' && isInconclusive && evidence.id === evidenceId && !override)
          return sendConflict(reply, 'The evidence is inconclusive', 'Promote it with an override, which is recorded.')
        const asked = { ...askedBy(request), bot, version, evidenceId, decision, reason: words }
        const answer = await decide(deps.operations, asked)
        if (answer.kind === 'applied' || answer.kind === 'requested') {
          const { decisionId } = answer
          return answer.kind === 'applied'
            ? reply.code(200).send({ decisionId, state: 'applied' })
            : reply.code(202).send({ decisionId, state: 'requested' })
        }
        if (answer.kind !== 'refused') return sendNotDone(reply, answer)
        const status = personal.has(answer.refusal) ? 403 : 409
        return sendProblem(reply, {
          status,
          title: answer.text,
          detail: `The decision was refused: ${answer.refusal}.`,
        })
      },
    )
    app.post(
      '/api/bots/:bot/rollback',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Take a version back, now; it works with Temporal down',
          description:
            'Without `version` the one that is on its way, else the newest live one; with `to` the slot goes to that version.',
          params: z.object({ bot: botName }),
          body: rollbackRequest,
          response: { 200: rolledBack },
        },
      },
      async (request, reply) => {
        const { bot } = request.params
        if (!deps.bots().some(({ name }) => name === bot)) return sendNotFound(reply)
        const taken = await rollBack(deps.operations, { ...askedBy(request), bot, ...request.body })
        if (taken.kind === 'refused') return sendConflict(reply, taken.text, 'See the versions of the bot.')
        return taken.kind === 'taken-back' ? { from: taken.version, to: taken.to } : sendNotDone(reply, taken)
      },
    )
    done()
  }
