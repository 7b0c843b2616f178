import { ActivityFailure, CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow'
import type { Answer, MessageRequest, Prepared, Replied } from '../activities/contract.ts'
import { NoScore } from '../domain/errors.ts'
import { messageLifetimeMs, type Outcome } from '../domain/outcome.ts'
import type { PlacedChoice } from '../domain/words/reply-text.ts'
import { askAboutAnswers, castVote, moderate } from './answering/afterwards.ts'
import { scoreInputs, whySilent } from './answering/collect-scores.ts'
import type { MessageEnd } from './messages.ts'
import { openStatusPage } from './answering/status-page.ts'
import { letGo } from './steps/step-failure.ts'
import { localSteps, matchingSteps, preparingSteps, replyingSteps, waitingSteps } from './steps/steps.ts'

const apologyWithinMs = 60 * 60 * 1000
/** How often a message of 0.1.0 looks whether a version is live. */
const noModelPauseMs = 15_000

type Ready = Extract<Prepared, { kind: 'ready' }>

/** Somebody who wants to meet another person. */
const isMatch = ({ intent }: Ready): boolean => intent === 'none'

const answerOf = ({ refused, intent }: Ready, choices: readonly PlacedChoice[]): Answer => ({
  ...{ kind: 'choices', choices, refused },
  everyVersion: intent === 'ask-all',
})

const isWithoutVersion = (prepared: Prepared): boolean => prepared.kind === 'ready' && prepared.members.length === 0

/**
 * Whether this run waits for a version in one step; runs of 0.1.0 look every 15 s, which fills their history in 18 hours. Asked once: a run
 * goes on as it began.
 */
function openPatch(): () => boolean {
  let answer: boolean | undefined
  return () => (answer ??= patched('await-version'))
}

/**
 * One message: prepare → score → choose → reply, then the late scores, and people are asked when the answer is unsure. For `/match`
 * the reply is an introduction: the person's profile is kept with its class, and the best-ranked person of another class whom they have
 * not met yet is their partner. Every outcome completes the workflow.
 */
export async function answerMessage(request: MessageRequest): Promise<MessageEnd> {
  const page = openStatusPage()
  const { messageId } = request
  const bounded = openPatch()
  const ageMs = () => Date.now() - request.receivedAt
  // A step needs some time, however late it is.
  const leftMs = () => Math.max(messageLifetimeMs - ageMs(), 1_000)

  const close = async (outcome: Outcome, reason: string): Promise<MessageEnd> => {
    await localSteps.closeMessage({ messageId, outcome, reason })
    page.ended(outcome, reason)
    return { outcome }
  }
  const end = (replied: Replied, note?: string): MessageEnd => {
    page.ended(replied.outcome, replied.kind === 'sent' ? note : `${replied.kind}: ${replied.reason}`)
    return { outcome: replied.outcome, ...(replied.kind === 'sent' && { replyId: replied.replyId }) }
  }
  const reply = async (answer: Answer): Promise<Replied> => {
    page.is('replying')
    return replyingSteps(leftMs()).replyToMessage({ messageId, answer })
  }
  const introduce = async (choices: readonly PlacedChoice[]): Promise<Replied> => {
    page.is('replying')
    return matchingSteps(leftMs()).introduce({ messageId, choices })
  }
  const look = () => preparingSteps(leftMs()).prepareMessage({ messageId })
  const prepare = async () => {
    let prepared = await look()
    while (isWithoutVersion(prepared)) {
      page.is('preparing', await whySilent(messageId))
      if (bounded()) await waitingSteps(leftMs()).awaitVersion({ messageId })
      else await sleep(noModelPauseMs, { summary: 'No version is live: look again' })
      prepared = await look()
    }
    return prepared
  }
  const score = async (prepared: Ready): Promise<MessageEnd> => {
    page.is('scoring')
    const waiting = (reason: string) => page.is('scoring', reason)
    // A person is classed by all live versions together, whatever the bot's policy for answers is.
    const asked: Ready = isMatch(prepared) ? { ...prepared, policy: 'average' } : prepared
    const { choices, settled } = await scoreInputs(request, asked, { withinMs: leftMs(), waiting })
    page.chose(choices)
    if (prepared.intent === 'score-only') {
      await castVote(request, choices, leftMs())
      await moderate(request, prepared)
      page.ended('answered', 'scored for a correction')
      return { outcome: 'answered' }
    }
    const replied = isMatch(prepared) ? await introduce(choices) : await reply(answerOf(prepared, choices))
    page.is('awaiting late scores')
    await settled
    await moderate(request, prepared)
    if (!isMatch(prepared)) await askAboutAnswers(request, choices, prepared)
    return end(replied)
  }
  const answer = async (): Promise<MessageEnd> => {
    const prepared = await prepare()
    if (prepared.kind === 'ready') return score(prepared)
    if (prepared.kind === 'silent') return close('refused', prepared.reason)
    const { refusal } = prepared
    return end(await reply({ kind: 'refusal', refusal }), `refused: ${refusal}`)
  }

  if (ageMs() >= messageLifetimeMs) return close('expired', 'older than 24 hours')
  if (ageMs() >= (request.answerWithinMs ?? messageLifetimeMs)) return close('expired', 'too old after a pause')
  try {
    return await answer()
  } catch (error) {
    if (isCancellation(error))
      return CancellationScope.nonCancellable(() => close('failed', 'cancelled by an operator'))
    if (!(error instanceof ActivityFailure || error instanceof NoScore)) throw error
    const apology = replyingSteps(apologyWithinMs).replyToMessage({ messageId, answer: { kind: 'apology' } })
    const replied = await apology.catch(letGo)
    if (replied !== undefined) return end(replied)
    return CancellationScope.nonCancellable(() => close('failed', 'no reply within 24 hours'))
  }
}
