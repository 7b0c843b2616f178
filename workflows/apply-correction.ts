import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import type { CorrectionRequest, Recipient, Tally } from '../activities/correction-contract.ts'
import type { CorrectionState } from '../domain/correction.ts'
import { countingSteps, questionSteps, tellingSteps } from './steps/correction-steps.ts'
import { coordinatorSteps } from './steps/learning-steps.ts'
import { letGo } from './steps/step-failure.ts'
import { voteSignal } from './messages.ts'

/** After so long without a vote it ends; a later one starts a new run. */
const quietDays = 7
const quietMs = quietDays * 24 * 60 * 60 * 1000

/** What `applyCorrection` ends with. */
export interface CorrectionEnd {
  readonly state: CorrectionState
  readonly label?: string
}

/** Posts that nobody waits for: the next vote is counted meanwhile, and the workflow ends after them. */
function openBackground() {
  let running = 0
  return {
    isIdle: () => running === 0,
    run: (step: Promise<void>) => {
      running += 1
      // What could not be told is in the reply's row and in this history; the correction stands.
      void step.catch(letGo).then(() => void (running -= 1))
    },
  }
}

function show({ state, label, votes, needed }: Tally): void {
  const of = label === undefined ? '' : `: ${label}`
  setCurrentDetails(`**${state}**${of}\n\nvotes: ${votes} of ${needed}`)
}

const tellOther = (request: CorrectionRequest, { revision }: Tally, to: Recipient) =>
  tellingSteps.tellOther.executeWithOptions({ summary: `Tell the ${to.kind} that it is settled` }, [
    { prediction: request.prediction, revision, to },
  ])

/** What may be learned from has changed: the bot's coordinator looks whether it is time to learn. */
const tellCoordinator = ({ bot, prediction }: CorrectionRequest, { revision }: Tally): Promise<void> =>
  coordinatorSteps.tellCoordinator({ bot, kind: 'accepted', prediction, revision })

/** What follows from a vote: its person is told; what it settled is told to the others, and to those who learn; a conflict goes to the reviewers. */
function follow(request: CorrectionRequest, voteId: string, tally: Tally): readonly Promise<void>[] {
  const { verdict, state, change, revision, others } = tally
  const moment = { prediction: request.prediction, revision }
  const receipt = tellingSteps.tellVoter.executeWithOptions({ summary: `Tell the voter: ${verdict}, ${state}` }, [
    { voteId, tally },
  ])
  if (change === 'nothing') return [receipt]
  const news = [receipt, tellCoordinator(request, tally)]
  if (change === 'conflicted')
    return [...news, questionSteps.askReviewers.executeWithOptions({ summary: 'Ask the reviewers' }, [moment])]
  if (change !== 'settled') return news
  const closing = questionSteps.closeQuestion.executeWithOptions({ summary: 'Close the question' }, [moment])
  return [...news, closing, ...others.map((to) => tellOther(request, tally, to))]
}

/**
 * All votes on one prediction, counted one after the other: authorise → count → quorum or reviewer → settled or conflicted →
 * tell. The state lives in the store, so a vote after the end starts a new run that goes on from there.
 */
export async function applyCorrection(request: CorrectionRequest): Promise<CorrectionEnd> {
  const queue: string[] = []
  const seen = new Set<string>()
  setHandler(
    voteSignal,
    ({ voteId }) => {
      if (!seen.has(voteId)) queue.push(voteId)
      seen.add(voteId)
    },
    { description: 'Another vote on this prediction' },
  )
  setCurrentDetails('**open**')
  const background = openBackground()
  let latest: Tally | undefined
  for (;;) {
    const voteId = queue.shift()
    if (voteId !== undefined) {
      latest = await countingSteps.countVote({ voteId })
      show(latest)
      follow(request, voteId, latest).forEach(background.run)
      continue
    }
    await condition(() => queue.length > 0 || background.isIdle())
    if (queue.length > 0) continue
    if (latest !== undefined && latest.state !== 'open') break
    // No post is on its way, so nothing is lost when a new run begins.
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof applyCorrection>(request)
    const voted = await condition(() => queue.length > 0, quietMs, { summary: `Wait for votes, ${quietDays} days` })
    if (!voted) break
  }
  const { state, label } = latest ?? { state: 'open' as const }
  return { state, ...(label !== undefined && { label }) }
}
