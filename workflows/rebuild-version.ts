import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { RebuildActivities, RebuildRequest, Rebuilt } from '../activities/learning-contract.ts'
import { trainingQueue } from '../domain/keys.ts'

/** A whole training; a person waits for it and can ask again. */
const steps = proxyActivities<RebuildActivities>({
  taskQueue: trainingQueue,
  summary: 'Train it again and compare',
  startToCloseTimeout: '2h',
  heartbeatTimeout: '30s',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '30s',
    maximumAttempts: 3,
    nonRetryableErrorTypes: ['InvalidDataset', 'NotANumber', 'DiskFull'],
  },
})

/** Is a version what its dataset and seed make? Trained again because a person asked; nothing is kept. */
export async function rebuildVersion(request: RebuildRequest): Promise<Rebuilt> {
  setCurrentDetails(`**rebuilding** version ${request.version}`)
  const rebuilt = await steps.rebuildVersion(request)
  setCurrentDetails([`**${rebuilt.outcome}**`, ...rebuilt.differs.map((one) => `- ${one}`)].join('\n'))
  return rebuilt
}
