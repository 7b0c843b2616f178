import { CancellationScope, condition } from '@temporalio/workflow'
import type { DecisionRef, WrittenEvidence } from '../../activities/rollout-contract.ts'
import { openDesk } from './rollout-desk.ts'
import type { Stages } from './rollout-stages.ts'
import { isStepFailure } from '../steps/step-failure.ts'
import { newsSteps, stageSteps } from '../steps/rollout-steps.ts'

export interface Approval {
  /** Shows the evidence and waits, under watch, until somebody promotes it. `continue`: this run is long enough. */
  readonly decided: (isLong: () => boolean) => Promise<'promoted' | 'continue'>
  readonly seen: () => readonly string[]
  /** Nobody waits for an answer any more. */
  readonly closed: () => Promise<unknown>
}

type Watched = { readonly found: 'evidence-changed' } | { readonly error: unknown } | undefined

/** Watches beside the waiting; what it finds is looked at before any decision. */
function openWatch({ page, watch }: Stages, evidenceId: string) {
  let watched: Watched
  const scope = new CancellationScope()
  const running = scope
    .run(() => watch('approval', page.position().step, evidenceId))
    .then(
      () => void (watched = { found: 'evidence-changed' }),
      (error: unknown) => void (watched = { error }),
    )
  return {
    found: () => watched,
    stop: async () => {
      if (watched === undefined) scope.cancel()
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
    const watch = openWatch(stages, evidence.evidenceId)
    try {
      for (;;) {
        await condition(() => watch.found() !== undefined || desk.isWaiting())
        const watched = watch.found()
        if (watched !== undefined && 'error' in watched) throw watched.error
        if (watched !== undefined) return 'changed'
        const decision = desk.take()
        if (decision === undefined || (await act(decision)) !== 'promoted') continue
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
