import { heartbeat } from '@temporalio/activity'
import type * as replays from '../../store/rollouts/replays/requested-replays.ts'
import type { ReplayActivities } from '../rollout-contract.ts'
import type { ReplayDeps } from '../rollout/deps.ts'
import { replayVersion } from '../rollout/replay-version.ts'

export interface ReplayOnRequestDeps extends ReplayDeps {
  readonly replays: Pick<typeof replays, 'keepRequestedReplay' | 'replayById'>
}

/** `replayRecording`: a report that is kept already is not made again. */
export const createReplayRecording = (deps: ReplayOnRequestDeps): ReplayActivities => ({
  replayRecording: async ({ id, since, until, ...order }) => {
    const kept = await deps.replays.replayById(deps.db, id)
    if (kept) return { verdict: kept.verdict, reportHash: kept.report.hash }
    const within = {
      since: since === undefined ? since : new Date(since),
      until: until === undefined ? until : new Date(until),
    }
    const asked = { ...order, ...within }
    const report = await replayVersion(deps, asked, (done, all) => heartbeat({ done, all }))
    await deps.replays.keepRequestedReplay(deps.db, id, report)
    return { verdict: report.verdict, reportHash: report.hash }
  },
})
