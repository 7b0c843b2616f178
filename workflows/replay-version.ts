import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { ReplayActivities, ReplayOnRequest } from '../activities/rollout-contract.ts'
import { learningQueue } from '../domain/keys.ts'

/** Some seconds for each hundred requests; a few attempts, because a person waits for it and can ask again. */
const { replayRecording } = proxyActivities<ReplayActivities>({
  taskQueue: learningQueue,
  summary: 'Replay the recording',
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
})

/** What would a version have said? Played because a person asked; the report is kept, and changes nothing. */
export async function replayVersion(request: ReplayOnRequest): ReturnType<ReplayActivities['replayRecording']> {
  setCurrentDetails(`**replay**: version ${request.version} against version ${request.against}`)
  const played = await replayRecording(request)
  setCurrentDetails(`**${played.verdict}**: report ${played.reportHash.slice(0, 12)}`)
  return played
}
