import { type Client, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { Logger } from 'pino'
import type { DecisionRef } from '../../activities/rollout-contract.ts'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import { redrawCard } from '../../activities/people/show-card.ts'
import { tellRefusal } from '../../activities/people/tell-refused.ts'
import type { InboundDecision } from '../../domain/inbound.ts'
import { rolloutWorkflowId } from '../../domain/keys.ts'
import {
  type Decision,
  decisionById,
  overdueDecisions,
  refuseDecision,
  requestDecision,
} from '../../store/approvals/decisions.ts'
import type { DecisionRefusal } from '../../store/approvals/refusals.ts'
import { personOf, workspaceOf } from '../../store/messages/messages.ts'
import { decideUpdate } from '../../workflows/messages.ts'
import { idOfKey } from '../relay/event-id.ts'

/** A call that takes longer is given up; the event's lease outlives it. */
const decideDeadlineMs = 5_000

export interface DecideDeps {
  readonly client: Client
  readonly people: PeopleDeps
  readonly log: Pick<Logger, 'warn'>
}

/** What the update's validator throws (workflows/rollout/rollout-desk.ts), in the words of our records. */
const byValidator: ReadonlyMap<string, DecisionRefusal> = new Map([
  ['NotPending', 'not-pending'],
  ['StaleEvidence', 'stale'],
  ['Expired', 'expired'],
])

/** Why a rollout refused a decision: its validator, or the transaction that would have changed something. */
function refusalIn(error: unknown): string | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined
  if (!(cause instanceof ApplicationFailure)) return undefined
  return cause.type === 'Refused' ? cause.message : byValidator.get(cause.type ?? '')
}

/**
 * Hands a decision to its rollout, by ids alone, and waits for what comes of it; the update's id makes repeats one.
 * @returns why it was refused, or `undefined`.
 * @throws ServiceError, WorkflowNotFoundError or a timeout of the Temporal client when it has to be tried again.
 */
export async function decide(client: Client, decision: Decision): Promise<string | undefined> {
  const { id: decisionId, bot, version, evidenceId, decision: kind } = decision
  const handle = client.workflow.getHandle(rolloutWorkflowId(bot, version))
  const asked: DecisionRef = { decisionId, evidenceId, decision: kind }
  try {
    await client.connection.withDeadline(Date.now() + decideDeadlineMs, () =>
      handle.executeUpdate(decideUpdate, { args: [asked], updateId: decisionId }),
    )
    return undefined
  } catch (error) {
    const refusal = refusalIn(error)
    if (refusal === undefined) throw error
    return refusal
  }
}

/** The person is told, and sees the card as it is now. */
async function refuse({ people, log }: DecideDeps, decisionId: string): Promise<void> {
  const decision = await decisionById(people.db, decisionId)
  if (decision === undefined) return
  const { bot, version, refusal, decision: kind } = decision
  log.warn({ bot, version, decision: kind, refusal }, 'a decision was refused')
  await tellRefusal(people, decision)
  await redrawCard(people, { bot, version })
}

/** Hands a kept decision to its rollout; when that refuses it, so do the records, and the person is told. */
async function handOn(deps: DecideDeps, kept: Decision): Promise<void> {
  const refusal = await decide(deps.client, kept)
  if (refusal === undefined) return
  await refuseDecision(deps.people.db, kept.id, refusal)
  await refuse(deps, kept.id)
}

/**
 * A click on an evidence card: checked and kept, then handed to the rollout. Whoever may not decide is told so, alone. Safe to
 * call any number of times.
 */
export async function startDecision(deps: DecideDeps, asked: InboundDecision): Promise<void> {
  const { db } = deps.people
  const { channel, address, authorId, bot, version, evidenceId, decision, reason, businessKey } = asked
  const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  const wanted = { bot, version, evidenceId, decision, personId, reason, address, newId: idOfKey(businessKey) }
  const answer = await requestDecision(db, wanted)
  if (answer.kind === 'applied') return
  if (answer.kind === 'refused') return refuse(deps, answer.decisionId)
  const kept = await decisionById(db, answer.decisionId)
  if (kept !== undefined) await handOn(deps, kept)
}

/** Decisions that the door has taken and nobody handed on, because its process died between the two. */
export async function handOnOverdue(
  deps: DecideDeps,
  overdue: { readonly olderThanMs: number; readonly limit: number },
): Promise<void> {
  const left = await overdueDecisions(deps.people.db, overdue)
  // One whose rollout cannot be reached now keeps no other waiting.
  const handed = await Promise.allSettled(left.map((decision) => handOn(deps, decision)))
  const failed = handed.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}
