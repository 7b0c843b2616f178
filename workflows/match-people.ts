import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow'
import type { MessageRequest, Replied } from '../activities/contract.ts'
import { NoScore } from '../domain/errors.ts'
import { messageLifetimeMs, type Outcome } from '../domain/outcome.ts'
import { moderate } from './answering/afterwards.ts'
import { scoreInputs } from './answering/collect-scores.ts'
import type { MessageEnd } from './messages.ts'
import { openStatusPage } from './answering/status-page.ts'
import { localSteps, matchingSteps, preparingSteps, replyingSteps } from './steps/steps.ts'

/**
 * One person who wants to be matched: the picture is classed by the average of the live versions, the profile is kept, and
 * the best-ranked person of another class whom they have not met yet is their partner; both are told.
 */
export async function matchPeople(request: MessageRequest): Promise<MessageEnd> {
  const page = openStatusPage()
  const { messageId } = request
  const leftMs = Math.max(messageLifetimeMs - (Date.now() - request.receivedAt), 1_000)
  const end = (replied: Replied): MessageEnd => {
    page.ended(replied.outcome, replied.kind === 'sent' ? undefined : `${replied.kind}: ${replied.reason}`)
    return { outcome: replied.outcome, ...(replied.kind === 'sent' && { replyId: replied.replyId }) }
  }
  const close = async (outcome: Outcome, reason: string): Promise<MessageEnd> => {
    await localSteps.closeMessage({ messageId, outcome, reason })
    page.ended(outcome, reason)
    return { outcome }
  }
  const match = async (): Promise<MessageEnd> => {
    const prepared = await preparingSteps(leftMs).prepareMessage({ messageId })
    if (prepared.kind === 'refused') {
      const { refusal } = prepared
      return end(await replyingSteps(leftMs).replyToMessage({ messageId, answer: { kind: 'refusal', refusal } }))
    }
    // Nobody is silenced who asks by a command; the type cannot know.
    if (prepared.kind === 'silent') return close('refused', prepared.reason)
    page.is('scoring')
    const options = { withinMs: leftMs, waiting: (reason: string) => page.is('scoring', reason) }
    const { choices, settled } = await scoreInputs(request, { ...prepared, policy: 'average' }, options)
    page.chose(choices)
    page.is('replying')
    const replied = await matchingSteps(leftMs).introduce({ messageId, choices })
    await settled
    await moderate(request, prepared)
    return end(replied)
  }
  try {
    return await match()
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ActivityFailure || error instanceof NoScore)) throw error
    const reason = isCancellation(error) ? 'cancelled by an operator' : 'nothing within 24 hours'
    return CancellationScope.nonCancellable(() => close('failed', reason))
  }
}
