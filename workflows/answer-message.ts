import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'
import type { Answer, MessageRequest, Replied } from '../activities/contract.ts'
import { messageLifetimeMs, type Outcome } from '../domain/outcome.ts'
import { collectScores, whySilent } from './collect-scores.ts'
import type { MessageEnd } from './messages.ts'
import { openStatusPage } from './status-page.ts'
import { localSteps, preparingSteps, replyingSteps } from './steps.ts'

const apologyWithinMs = 60 * 60 * 1000
const noModelPauseMs = 15_000

/**
 * One message: prepare → score → choose → reply, then the late scores. Every outcome completes the workflow; it fails only
 * by a bug (DESIGN.md rule 9).
 */
export async function answerMessage(request: MessageRequest): Promise<MessageEnd> {
  const page = openStatusPage()
  const { messageId } = request
  const ageMs = () => Date.now() - request.receivedAt
  // A step needs some time, however late it is.
  const leftMs = () => Math.max(messageLifetimeMs - ageMs(), 1_000)

  const close = async (outcome: Outcome, reason: string): Promise<MessageEnd> => {
    await localSteps.closeMessage({ messageId, outcome, reason })
    page.ended(outcome, reason)
    return { outcome }
  }
  const end = (replied: Replied, note?: string): MessageEnd => {
    page.ended(replied.outcome, replied.kind === 'undeliverable' ? `not delivered: ${replied.reason}` : note)
    return { outcome: replied.outcome, ...(replied.kind === 'sent' && { replyId: replied.replyId }) }
  }
  const reply = async (answer: Answer): Promise<Replied> => {
    page.is('replying')
    return replyingSteps(leftMs()).replyToMessage({ messageId, answer })
  }
  const prepare = async () => {
    for (;;) {
      const prepared = await preparingSteps(leftMs()).prepareMessage({ messageId })
      if (prepared.kind === 'refused' || prepared.members.length > 0) return prepared
      page.is('preparing', await whySilent(messageId))
      await sleep(noModelPauseMs, { summary: 'No version is live: look again' })
    }
  }
  const answer = async (): Promise<MessageEnd> => {
    const prepared = await prepare()
    if (prepared.kind === 'refused') {
      const { refusal } = prepared
      return end(await reply({ kind: 'refusal', refusal }), `refused: ${refusal}`)
    }
    page.is('scoring')
    const waiting = (reason: string) => page.is('scoring', reason)
    const { choice, settled } = await collectScores(request, prepared, { withinMs: leftMs(), waiting })
    page.chose(choice)
    const replied = await reply({ kind: 'choice', choice })
    page.is('awaiting late scores')
    await settled
    return end(replied)
  }

  if (ageMs() >= messageLifetimeMs) return close('expired', 'older than 24 hours')
  try {
    return await answer()
  } catch (error) {
    if (isCancellation(error))
      return CancellationScope.nonCancellable(() => close('failed', 'cancelled by an operator'))
    return await replyingSteps(apologyWithinMs)
      .replyToMessage({ messageId, answer: { kind: 'apology' } })
      .then(
        (replied) => end(replied),
        () => close('failed', 'no reply within 24 hours'),
      )
  }
}
