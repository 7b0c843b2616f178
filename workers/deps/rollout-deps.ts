import type { Logger } from 'pino'
import type { RolloutDeps, RolloutStore } from '../../activities/rollout/deps.ts'
import { errorFields } from '../../infra/logger.ts'
import * as contributors from '../../store/rollouts/evidence/contributors.ts'
import * as stages from '../../store/rollouts/enter-stage.ts'
import * as evidence from '../../store/rollouts/evidence/evidence.ts'
import * as facts from '../../store/rollouts/evidence/evidence-facts.ts'
import * as pairs from '../../store/rollouts/evidence/pairs.ts'
import * as promotion from '../../store/rollouts/promote.ts'
import * as recordings from '../../store/rollouts/replays/recordings.ts'
import * as replays from '../../store/rollouts/replays/replay-reports.ts'
import * as rollBack from '../../store/rollouts/rollbacks/roll-back.ts'
import * as rollouts from '../../store/rollouts/rollouts.ts'
import * as windows from '../../store/rollouts/evidence/windows.ts'
import * as versions from '../../store/versions/versions.ts'
import type { VersionOpener } from '../versions/open-versions.ts'
import type { ProcessContext } from '../process.ts'
import { servePredictors } from '../versions/serve-predictors.ts'

/** What the activities of rollouts ask of the store. */
export const rolloutStore: RolloutStore = {
  ...rollouts,
  ...stages,
  ...rollBack,
  ...promotion,
  ...evidence,
  ...facts,
  ...contributors,
  ...pairs,
  ...windows,
  ...recordings,
  ...replays,
  ...versions,
}

const tidyEveryMs = 60_000

type Shared = Omit<RolloutDeps, 'store' | 'predictorOf'>

/** What rollouts stand on; versions are loaded for replays, on first use. */
export function openRolloutDeps(
  { config, log, onRelease }: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>,
  shared: Shared,
  openVersions: () => Promise<VersionOpener>,
): RolloutDeps {
  const predictors = servePredictors({
    db: shared.db,
    blobs: shared.blobs,
    versions: { open: async (family, files) => (await openVersions()).open(family, files) },
    limits: config.inference,
    log,
  })
  onRelease(predictors.close)
  // Nothing serves here: what was loaded for a replay is let go when nobody plays to it any more.
  const tidying = setInterval(
    () => void predictors.keepWarm([]).catch((error: unknown) => log.warn(errorFields(error), 'no version is let go')),
    tidyEveryMs,
  )
  onRelease(() => clearInterval(tidying))
  return { ...shared, store: rolloutStore, predictorOf: predictors.predictorOf }
}

/** Deletes recordings whose time is over, now and every so often. @returns how to stop it. */
export function sweepRecordings(
  { db, log }: { readonly db: RolloutDeps['db']; readonly log: Logger },
  everyMs: number,
): () => void {
  const sweep = () =>
    void recordings
      .sweepRecordings(db)
      .catch((error: unknown) => log.warn(errorFields(error), 'old recordings could not be deleted'))
  sweep()
  const sweeping = setInterval(sweep, everyMs)
  return () => clearInterval(sweeping)
}
