import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplyAddress } from '../domain/address.ts'
import { ServiceUnavailable } from '../domain/errors.ts'
import type { DecisionKind } from '../domain/rollout/rollout.ts'
import { type DecisionAnswer, decisionById, refuseDecision, requestDecision } from '../store/approvals/decisions.ts'
import { type DecisionRefusal, refusalText } from '../store/approvals/refusals.ts'
import type { Db } from '../store/db.ts'
import { idOfKey, keepResult, takeKey } from '../store/operations.ts'
import type { Asked, NotDone, OperationContext } from './operation.ts'

/** A decision is waited for so long, which takes a moment; then it is told that it is on its way. */
const patienceMs = 6_000
const lookEveryMs = 150

interface Decide extends Asked {
  readonly bot: string
  readonly version: number
  readonly evidenceId: string
  readonly decision: DecisionKind
  /** The person's words; they stay in the decision's row. */
  readonly reason: string
  /** Where the person is told of a refusal that comes later. */
  readonly address?: ReplyAddress | undefined
}

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

/** Hands a kept decision to its rollout, by ids alone; when that refuses it, so do the records. */
async function handOn({ db, stories, log, at }: OperationContext, decisionId: string): Promise<DecisionAnswer> {
  const kept = await decisionById(db, decisionId)
  if (kept === undefined) throw new Error('a decision that was kept is not there')
  const { bot, version, evidenceId, decision } = kept
  try {
    const refusal = await (await stories()).decide({ bot, version }, { decisionId, evidenceId, decision })
    at('operation.acted')
    if (refusal === undefined) return await settled(db, decisionId)
    await refuseDecision(db, decisionId, refusal)
    return refused(decisionId, refusal)
  } catch (error) {
    // A rollout that Temporal does not know just now is started again from its row, and the decision waits for that.
    if (!(error instanceof ServiceUnavailable || (error instanceof Error && error.name === 'WorkflowNotFoundError')))
      throw error
    log.warn({ bot, version, error: error.name }, 'a decision waits for Temporal')
    return { kind: 'requested', decisionId }
  }
}

/**
 * A person promotes, holds or rejects a version on the evidence that they saw: checked and kept, then handed to its rollout, whose
 * answer is waited for. Role, contributors and evidence are checked in the transaction that keeps it, where a refusal is kept too.
 * `requested`: it is on its way; the relay hands it on when Temporal is back.
 */
export async function decide(context: OperationContext, asked: Decide): Promise<DecisionAnswer | NotDone> {
  const { db } = context
  const { actor, key, bot, version, evidenceId, decision, reason, address } = asked
  const request = { version, evidenceId, decision, reason }
  const keyed = { operation: 'decide', bot, actor: actor.id, key, request }
  const known = await takeKey(db, keyed)
  if (known.kind === 'other-request') return { kind: known.kind }
  if (known.kind === 'done') return known.result as DecisionAnswer
  const newId = idOfKey(`${actor.id}:${key}`)
  const first = await requestDecision(db, { bot, ...request, personId: actor.id, address, newId })
  const answer = first.kind === 'requested' ? await handOn(context, first.decisionId) : first
  if (answer.kind !== 'requested') await db.transaction().execute((trx) => keepResult(trx, keyed, answer))
  return answer
}
