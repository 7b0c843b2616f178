import type { Bot } from '../../../domain/bot.ts'
import type { Db } from '../../../store/db.ts'
import { type Promotion, promoteVersion } from '../../../store/rollouts/promote.ts'
import { type StagedRollout, stagedRollout } from './staged-rollout.ts'

/** What is on stage, and how: `v1 live`. */
export const stagesOf = async (scene: Pick<StagedRollout, 'members'>): Promise<readonly string[]> =>
  (await scene.members()).map(({ version, stage }) => `v${version} ${stage}`).toSorted()

/** A rollout that waits for its approval, with evidence. Version 2 has been a canary, and is warm. */
export async function waitingRollout(db: Db, options: { readonly promotion?: Bot['promotion'] } = {}) {
  const { promotion = 'replace' } = options
  // Nobody asks anything here, so the time for traffic is over at once.
  const scene = await stagedRollout(db, { promotion, rollout: { maxWaitMs: 0 } })
  const activities = scene.activities()
  await activities.openRollout({ ...scene.ref, demo: false })
  await scene.warm()
  await activities.enterStage({ ...scene.ref, stage: 'shadow', step: 0 })
  await activities.enterStage({ ...scene.ref, stage: 'canary', step: 0 })
  await activities.enterStage({ ...scene.ref, stage: 'approval', step: 0 })
  const { evidenceId } = await activities.writeEvidence(scene.ref)
  /** A person asks for the promotion, and it is carried out or refused. */
  const promote = async (personId: string, evidence = evidenceId): Promise<Promotion> => {
    const { decisionId } = await scene.request('promote', { personId, evidenceId: evidence })
    return promoteVersion(db, { ...scene.ref, decisionId, evidenceId: evidence }, { patient: false })
  }
  return { ...scene, evidenceId, promote }
}
