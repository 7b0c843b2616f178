import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  patched,
  setHandler,
} from '@temporalio/workflow'
import type { DecisionRef, RolloutPosition, WrittenEvidence } from '../../activities/rollout-contract.ts'
import { type Decided, decideSignal, decideUpdate } from '../messages.ts'
import type { Stages } from './stages.ts'
import { isStepFailure } from '../steps/step-failure.ts'
import { newsSteps, stageSteps } from '../steps/rollout-steps.ts'

/** Where decisions on the evidence that is shown arrive. */
interface Desk {
  /** From now on this evidence can be decided on, and no other. */
  readonly show: (evidence: WrittenEvidence) => void
  /** Nothing can be decided until other evidence is shown; what was let in before is still handled. */
  readonly hide: () => void
  /** Nothing will be decided any more. */
  readonly close: () => void
  readonly isWaiting: () => boolean
  readonly take: () => DecisionRef | undefined
  /** Answers the person who waits for this decision. `refusal`: why it was refused after all. */
  readonly handled: (decision: DecisionRef, refusal?: string) => void
  /** Decisions that were handled, to be carried into the next run. */
  readonly seen: () => readonly string[]
  /** Nobody waits for an answer any more. */
  readonly quiet: () => Promise<boolean>
}

/** So many decisions of one rollout are remembered; the store knows all. */
const remembered = 200

const refused = (type: 'NotPending' | 'StaleEvidence' | 'Expired' | 'Refused', message: string) =>
  ApplicationFailure.nonRetryable(message, type)

/**
 * Takes decisions as updates, which are refused before anything is written, and as signals, which go through the same checks
 * and are dropped: their rows are refused when the evidence or the rollout goes on.
 */
function openDesk(position: () => RolloutPosition, options: { readonly seen: readonly string[] }): Desk {
  const queue: DecisionRef[] = []
  const results = new Map<string, string | undefined>(options.seen.map((id) => [id, undefined]))
  let shown: WrittenEvidence | undefined
  const whyNot = ({ decisionId, evidenceId }: DecisionRef): ApplicationFailure | undefined => {
    // A repeat gets the answer of the first one.
    if (results.has(decisionId)) return undefined
    if (shown === undefined) return refused('NotPending', 'nothing is to be decided now')
    if (shown.evidenceId !== evidenceId) return refused('StaleEvidence', 'the evidence has changed since')
    return Date.now() >= shown.expiresAt ? refused('Expired', 'the card has expired') : undefined
  }
  const put = (decision: DecisionRef) => {
    const isNew = !results.has(decision.decisionId) && !queue.some((one) => one.decisionId === decision.decisionId)
    if (isNew) queue.push(decision)
  }
  const decide = async (decision: DecisionRef): Promise<Decided> => {
    put(decision)
    await condition(() => results.has(decision.decisionId))
    const refusal = results.get(decision.decisionId)
    if (refusal !== undefined) throw refused('Refused', refusal)
    return { decisionId: decision.decisionId, position: position().stage }
  }
  const validator = (decision: DecisionRef): void => {
    const fault = whyNot(decision)
    if (fault) throw fault
  }
  setHandler(decideUpdate, decide, { validator, description: 'A decision on the evidence that is shown' })
  const decideLater = (decision: DecisionRef): void => {
    if (whyNot(decision) === undefined) put(decision)
  }
  setHandler(decideSignal, decideLater, { description: 'The same, where an update cannot be sent' })
  return {
    show: (evidence) => void (shown = evidence),
    hide: () => void (shown = undefined),
    close: () => {
      shown = undefined
      // Decisions that still wait get an answer too.
      for (const { decisionId } of queue.splice(0)) results.set(decisionId, 'not-pending')
    },
    isWaiting: () => queue.length > 0,
    take: () => queue.shift(),
    handled: ({ decisionId }, refusal) => void results.set(decisionId, refusal),
    seen: () => [...results.keys()].slice(-remembered),
    quiet: () => condition(allHandlersFinished).then(() => true),
  }
}

export interface Approval {
  /** Shows the evidence and waits, under watch, until somebody promotes it. `continue`: this run is long enough. */
  readonly decided: (isLong: () => boolean) => Promise<'promoted' | 'continue'>
  readonly seen: () => readonly string[]
  /** Nobody waits for an answer any more. */
  readonly closed: () => Promise<unknown>
}

type Watched = { readonly found: 'evidence-changed' } | { readonly error: unknown } | undefined

/**
 * Watches beside the waiting; what it finds is looked at before any decision. A card that is no longer right ends the watch of it, but
 * not that of the guards while a promotion is under way: it may wait for its version for minutes.
 */
function openWatch({ page, watch }: Stages, evidenceId: string, isActing: () => boolean) {
  let watched: Watched
  const scope = new CancellationScope()
  const look = async (): Promise<void> => {
    const { step } = page.position()
    await watch('approval', step, evidenceId)
    watched = { found: 'evidence-changed' }
    if (isActing() && patched('guards-are-watched-during-a-promotion')) await watch('approval', step)
  }
  const running = scope.run(look).catch((error: unknown) => void (watched = { error }))
  return {
    found: () => watched,
    stop: async () => {
      scope.cancel()
      await running
    },
  }
}

/** The approval of one rollout: handlers are there from its beginning, so that an early decision is refused, not lost. */
export function openApproval(stages: Stages, options: { readonly seen: readonly string[] }): Approval {
  const { ref, page } = stages
  const desk = openDesk(page.position, options)

  const act = async (decision: DecisionRef): Promise<'promoted' | 'waiting'> => {
    const asked = { ...ref, ...decision }
    const summary = { summary: `A person says ${decision.decision}` }
    if (decision.decision === 'promote') {
      const promotion = await stageSteps.promoteVersion.executeWithOptions(summary, [asked])
      desk.handled(decision, promotion.kind === 'refused' ? promotion.reason : undefined)
      return promotion.kind === 'promoted' ? 'promoted' : 'waiting'
    }
    const recorded = await stageSteps.recordDecision.executeWithOptions(summary, [asked])
    desk.handled(decision, recorded.kind === 'refused' ? recorded.reason : undefined)
    page.is({}, `${decision.decision}: ${recorded.kind}`)
    if (recorded.kind === 'recorded' && decision.decision === 'reject')
      stages.end({ end: 'rejected', why: 'an approver rejected it' })
    return 'waiting'
  }

  /** A guard that trips while it is promoted is heard: what went live is harmful already. Other ends came too late; a bug never does. */
  const endsPromoted = (error: unknown): boolean => {
    const early = stages.endOf(error)
    return early === undefined ? !isStepFailure(error) : early.end === 'rolled-back'
  }

  /** Waits on one card. @throws EndedEarly. */
  const waitOn = async (evidence: WrittenEvidence): Promise<'promoted' | 'changed'> => {
    let isActing = false
    const watch = openWatch(stages, evidence.evidenceId, () => isActing)
    try {
      for (;;) {
        await condition(() => watch.found() !== undefined || desk.isWaiting())
        const watched = watch.found()
        if (watched !== undefined && 'error' in watched) throw watched.error
        if (watched !== undefined) return 'changed'
        const decision = desk.take()
        if (decision === undefined) continue
        isActing = true
        const done = await act(decision)
        isActing = false
        if (done !== 'promoted') continue
        // A guard may have tripped during the promotion. The version is live now, so it has to be taken back.
        const seen = watch.found()
        if (seen !== undefined && 'error' in seen && endsPromoted(seen.error)) throw seen.error
        return 'promoted'
      }
    } finally {
      await CancellationScope.nonCancellable(watch.stop)
    }
  }

  return {
    decided: async (isLong) => {
      for (;;) {
        const evidence = await stageSteps.writeEvidence(ref)
        desk.show(evidence)
        page.is({}, `evidence ${evidence.evidenceId}: ${evidence.verdict}`)
        const card = { ...ref, evidenceId: evidence.evidenceId }
        stages.beside(newsSteps.showCard.executeWithOptions({ summary: 'Show the evidence card' }, [card]))
        const decided = await waitOn(evidence)
        desk.hide()
        if (decided === 'promoted') return decided
        // News on its way would be lost with this run, and nobody watches while one ends.
        if (isLong() && stages.isQuiet()) return 'continue'
      }
    },
    seen: desk.seen,
    closed: () => {
      desk.close()
      return desk.quiet()
    },
  }
}
