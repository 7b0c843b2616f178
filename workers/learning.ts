import { randomInt } from 'node:crypto'
import { createLearningActivities } from '../activities/learning/create.ts'
import { createRequestedActivities } from '../activities/on-request/create.ts'
import { createPeopleActivities } from '../activities/people/create.ts'
import type { PeopleDeps } from '../activities/people/place.ts'
import { tellUntold } from '../activities/people/tell-untold.ts'
import { createRolloutActivities } from '../activities/rollout/create.ts'
import { learningQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { sweepRecordings } from '../store/rollouts/replays/recordings.ts'
import { versionsOf } from '../store/versions/versions.ts'
import { createWorker } from './create-worker.ts'
import { closePosts } from './learning/close-posts.ts'
import { type LearningProcess, openLearningDeps } from './learning/open-learning-deps.ts'
import { reconcileCoordinators } from './learning/reconcile-coordinators.ts'
import { reconcileSchedules } from '../infra/temporal/schedules.ts'
import { sweepStoredBlobs } from './learning/sweep-stored-blobs.ts'
import { ensureRollouts } from './learning/ensure-rollouts.ts'
import { workerLimits } from './limits.ts'
import type { ProcessContext, Role } from './process.ts'
import { tidyReplayed } from './learning/tidy-replayed.ts'
import { sweepEvery } from './sweep.ts'
import { blobsUrlOf, pageAt } from './settings.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** Recordings whose time is over go within this, and Schedules that Temporal has lost come back. */
const sweepEveryMs = 10 * 60_000

/** Deletes recordings whose time is over, now and every so often. @returns how to stop it. */
function sweepOldRecordings({ db }: LearningProcess, log: ProcessContext['log']): () => void {
  const sweep = () =>
    void sweepRecordings(db).catch((error: unknown) =>
      log.warn(errorFields(error), 'old recordings could not be deleted'),
    )
  sweep()
  const sweeping = setInterval(sweep, sweepEveryMs)
  return () => clearInterval(sweeping)
}

/** The steps of learning, of rollouts, and of talking to people about them. */
function activitiesOf(deps: LearningProcess, talking: PeopleDeps) {
  const people = createPeopleActivities(talking)
  const { predictorOf } = deps.runtime
  return {
    ...createLearningActivities(deps),
    ...createRolloutActivities({ ...deps, predictorOf, askBlind: people.askBlind }),
    ...people,
    ...createRequestedActivities({ ...deps, predictorOf }),
  }
}

/** The stories of learning and of rollouts, and their steps; only trainings run elsewhere. */
export const startLearning: Role = async (context) => {
  const { config, log, onRelease } = context
  const deps = await openLearningDeps(context)
  const talking: PeopleDeps = { ...deps, pageAt: pageAt(config), randomBelow: randomInt }
  await createWorker(context, {
    role: 'learning',
    failed: 'a step of learning failed; its retry policy decides',
    taskQueue: learningQueue,
    workflowBundle,
    activities: activitiesOf(deps, talking),
    ...workerLimits,
    // A heartbeat is how a cancellation and a kill are noticed.
    maxHeartbeatThrottleInterval: '5s',
  })

  tidyReplayed(context, deps.runtime)
  onRelease(sweepOldRecordings(deps, log))
  onRelease(sweepStoredBlobs({ db: deps.db, blobsUrl: blobsUrlOf(config), log }))
  const schedules = () => reconcileSchedules(deps.client, deps.bots.all(), log)
  await schedules()
  const failed = 'Schedules could not be looked after; the next sweep tries again'
  onRelease(sweepEvery(sweepEveryMs, { log, failed, sweep: schedules }))
  const bots = async () => {
    const names = deps.bots.all().map(({ name }) => name)
    const versions = await Promise.all(names.map((name) => versionsOf(deps.db, name)))
    return names.filter((_, index) => versions[index]?.length !== 0)
  }
  onRelease(
    reconcileCoordinators({
      log,
      everyMs: config.reconcileSeconds * 1000,
      bots,
      ensure: deps.stories.ensureCoordinator,
    }),
  )
  onRelease(
    sweepEvery(config.reconcileSeconds * 1000, {
      log,
      failed: 'rollouts could not be looked after; the next sweep tries again',
      sweep: () => ensureRollouts({ ...deps, knows: (bot) => deps.bots.named(bot) !== undefined }),
    }),
  )
  onRelease(
    sweepEvery(config.reconcileSeconds * 1000, {
      log,
      failed: 'people could not be told of a rollback or a retrain; the next sweep tries again',
      sweep: () =>
        tellUntold(
          talking,
          deps.bots.all().map(({ name }) => name),
        ),
    }),
  )
  onRelease(
    sweepEvery(config.reconcileSeconds * 1000, {
      log,
      failed: 'posts of closed questions could not be changed; the next sweep tries again',
      sweep: () =>
        closePosts(
          talking,
          deps.bots.all().map(({ name }) => name),
          log,
        ),
    }),
  )
}
