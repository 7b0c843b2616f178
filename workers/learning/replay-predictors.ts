import type { RolloutDeps } from '../../activities/rollout/create.ts'
import { errorFields } from '../../infra/logger.ts'
import type { ProcessContext } from '../process.ts'
import type { VersionOpener } from '../versions/open-versions.ts'
import { servePredictors } from '../versions/serve-predictors.ts'

const tidyEveryMs = 60_000

/** The versions that replays play to, loaded on first use. */
export function openReplayPredictors(
  { config, log, onRelease }: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>,
  { db, blobs }: Pick<RolloutDeps, 'db' | 'blobs'>,
  openVersions: () => Promise<VersionOpener>,
): RolloutDeps['predictorOf'] {
  const predictors = servePredictors({
    ...{ db, blobs, log },
    versions: { open: async (family, files) => (await openVersions()).open(family, files) },
    limits: config.inference,
  })
  onRelease(predictors.close)
  // Nothing serves here: what was loaded for a replay is let go when nobody plays to it any more.
  const tidying = setInterval(
    () => void predictors.keepWarm([]).catch((error: unknown) => log.warn(errorFields(error), 'no version is let go')),
    tidyEveryMs,
  )
  onRelease(() => clearInterval(tidying))
  return predictors.predictorOf
}
