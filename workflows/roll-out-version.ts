import { CancellationScope, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow'
import type { RolloutRequest } from '../activities/rollout-contract.ts'
import type { RolloutEnd } from '../domain/rollout/rollout.ts'
import { openApproval } from './rollout/approval.ts'
import { openStages, type Stages } from './rollout/stages.ts'
import { stageSteps } from './steps/rollout-steps.ts'

/** Shadow, then canary. Returns early when too little traffic came in the time that a stage may take. */
async function tryOut({ page, enter, watch, tell }: Stages): Promise<void> {
  if (page.isBefore('canary')) {
    await enter('shadow', 0)
    tell('shadow')
    if ((await watch('shadow', 0)) === 'waited-out') return
  }
  const { stage, step, steps } = page.position()
  for (let at = stage === 'canary' ? step : 0; at < steps && page.isBefore('approval'); at += 1) {
    await enter('canary', at)
    if (at === 0) tell('canary')
    if ((await watch('canary', at)) === 'waited-out') return
  }
}

/**
 * A version on its way to its audience: replay → shadow → canary → a person's approval → live and watched. Guards are watched in
 * every stage, and the approval is one. Whatever ends it early takes the version out and brings the champion back, once.
 */
export async function rollOutVersion(request: RolloutRequest): Promise<RolloutEnd> {
  const stages = openStages(request)
  const { page, enter, watch, tell, thankFixers, ended } = stages
  const approval = openApproval(stages, { seen: request.seen ?? [] })
  /** Whoever asked has an answer, and whoever should hear of it has heard. */
  const settled = () => CancellationScope.nonCancellable(() => Promise.all([approval.closed(), stages.told()]))
  const perform = async (): Promise<RolloutEnd> => {
    page.is(await stageSteps.openRollout(request))
    if (page.isBefore('shadow')) await stages.rehearse()
    if (page.isBefore('approval')) await tryOut(stages)
    if (page.isBefore('bake')) {
      await enter('approval', page.position().step)
      const decided = await approval.decided(() => workflowInfo().continueAsNewSuggested)
      if (decided === 'continue') {
        const seen = approval.seen()
        await settled()
        return continueAsNew<typeof rollOutVersion>({ ...request, seen })
      }
      page.is({ stage: 'bake' }, 'promoted')
    }
    if (page.isBefore('done')) {
      tell('live')
      thankFixers()
      await watch('bake', page.position().step)
      await stageSteps.closeRollout({ bot: request.bot, version: request.version, end: 'promoted' })
    }
    return ended()
  }
  const end = await perform().catch((error: unknown) => {
    const why = stages.endOf(error) ?? (isCancellation(error) ? stages.cancelled : undefined)
    // A bug fails the task now: nothing that runs beside is waited for.
    if (why === undefined) throw error
    return CancellationScope.nonCancellable(() => stages.takeBack(why))
  })
  await settled()
  return end
}
