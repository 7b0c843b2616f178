import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { FastifyBaseLogger } from 'fastify'
import type { InboundDecision } from '../../../domain/inbound.ts'
import {
  type DecisionAnswer,
  decisionById,
  refuseDecision,
  requestDecision,
} from '../../../store/approvals/decisions.ts'
import { type DecisionRefusal, refusalText } from '../../../store/approvals/refusals.ts'
import type { Db } from '../../../store/db.ts'
import { recordEvent } from '../../../store/messages/inbound-events.ts'
import { decide } from '../../../workers/requests/start-decision.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'

/** The page waits so long for a decision to be applied, which takes a moment; then it is told that it is on its way. */
const patienceMs = 6_000
const lookEveryMs = 150

const refused = (decisionId: string, code: string): DecisionAnswer => ({
  kind: 'refused',
  decisionId,
  // The row holds what the same checks have found, or what the rollout's workflow has.
  refusal: code as DecisionRefusal,
  text: refusalText(code),
})

/** What became of a decision that its rollout has taken. */
async function settled(db: Db, decisionId: string): Promise<DecisionAnswer> {
  for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
    const now = await decisionById(db, decisionId)
    if (now?.state === 'applied') return { kind: 'applied', decisionId }
    if (now?.state === 'refused') return refused(decisionId, now.refusal ?? 'not-pending')
    await sleep(lookEveryMs)
  }
  return { kind: 'requested', decisionId }
}

type Asked = Parameters<LearningDeps['rollouts']['decide']>[0]

/** The relay hands it on as soon as Temporal is back, as it does with clicks. */
async function leaveToRelay(db: Db, asked: Asked, decisionId: string): Promise<void> {
  const { bot, version, evidenceId, decision: kind, reason, name } = asked
  const businessKey = `${bot}.decision.${decisionId}`
  const decision: InboundDecision = {
    ...{ bot, channel: 'http', businessKey, authorId: name, address: { kind: 'http' } },
    ...{ version, evidenceId, decision: kind, reason, sentAt: new Date().toISOString() },
  }
  const event = { kind: 'request', transportKey: `http:${businessKey}`, eventType: 'api' } as const
  await recordEvent(db, { ...event, request: { kind: 'decision', decision } }, { bot, channel: 'http' })
}

/** A decision on the page or from the command: checked and kept, then handed to the rollout, whose answer is waited for. */
export const createDecide =
  ({ db, client, log }: { readonly db: Db; readonly client: Client; readonly log: FastifyBaseLogger }) =>
  async (asked: Asked): Promise<DecisionAnswer> => {
    const { bot, version, evidenceId, decision, reason, personId } = asked
    const request = { bot, version, evidenceId, decision, reason, personId, newId: randomUUID() }
    const answer = await requestDecision(db, request)
    if (answer.kind !== 'requested') return answer
    const { decisionId } = answer
    const kept = await decisionById(db, decisionId)
    if (kept === undefined) throw new Error('a decision that was kept is not there')
    try {
      const refusal = await decide(client, kept)
      if (refusal === undefined) return await settled(db, decisionId)
      await refuseDecision(db, decisionId, refusal)
      return refused(decisionId, refusal)
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      log.warn({ bot, version, error: name }, 'a decision waits for Temporal')
      await leaveToRelay(db, asked, decisionId)
      return answer
    }
  }
