import { Worker } from '@temporalio/worker'
import { translateFailures } from '../activities/failures.ts'
import { createLearningActivities } from '../activities/learning/create.ts'
import { createReplayRecording } from '../activities/on-request/replay-recording.ts'
import { createTellReviewed } from '../activities/on-request/tell-reviewed.ts'
import { tellUntold } from '../activities/people/tell-untold.ts'
import { createPeopleActivities } from '../activities/people/create.ts'
import type { PeopleDeps } from '../activities/people/deps.ts'
import { createRolloutActivities } from '../activities/rollout/rollouts.ts'
import { learningQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import * as corrections from '../store/corrections/corrections.ts'
import * as replays from '../store/rollouts/replays/requested-replays.ts'
import { versionsOf } from '../store/versions/versions.ts'
import * as votes from '../store/corrections/votes.ts'
import { closePosts } from './learning/close-posts.ts'
import { type LearningProcess, openLearningDeps } from './learning/open-learning-deps.ts'
import { reconcileCoordinators } from './learning/reconcile-coordinators.ts'
import { reconcileSchedules } from '../infra/temporal/schedules.ts'
import { sweepStoredBlobs } from './learning/sweep-stored-blobs.ts'
import { ensureRollouts } from './learning/ensure-rollouts.ts'
import { workerLimits } from './limits.ts'
import { peopleDeps } from './deps/people-deps.ts'
import type { ProcessContext, Role } from './process.ts'
import { openRolloutDeps, sweepRecordings } from './deps/rollout-deps.ts'
import { sweepEvery } from './sweep.ts'
import { blobsUrlOf } from './settings.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** Recordings whose time is over go within this, and Schedules that Temporal has lost come back. */
const sweepEveryMs = 10 * 60_000

/** The steps of learning, of rollouts, and of talking to people about them. */
function activitiesOf(context: ProcessContext, deps: LearningProcess, talking: PeopleDeps) {
  const people = createPeopleActivities(talking)
  const { db, blobs, clock, botOf, at } = deps
  const shared = { db, blobs, clock, botOf, at, askBlind: people.askBlind }
  const rollouts = openRolloutDeps(context, shared, deps.openVersions)
  return {
    ...createLearningActivities(deps),
    ...createRolloutActivities(rollouts),
    ...people,
    ...createReplayRecording({ ...rollouts, replays }),
    ...createTellReviewed({ ...talking, corrections, votes }),
  }
}

/** The stories of learning and of rollouts, and their steps; only trainings run elsewhere. */
export const startLearning: Role = async (context) => {
  const { config, log, onRelease, fail } = context
  const deps = await openLearningDeps(context)
  const talking = peopleDeps(config, deps)
  const connection = await context.temporal()
  const activities = translateFailures(activitiesOf(context, deps, talking), (activity, error) =>
    log.warn({ activity, ...errorFields(error) }, 'a step of learning failed; its retry policy decides'),
  )
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    identity: workerIdentity('learning'),
    taskQueue: learningQueue,
    workflowBundle,
    activities,
    ...workerLimits,
    // A heartbeat is how a cancellation and a kill are noticed.
    maxHeartbeatThrottleInterval: '5s',
  })
  const running = worker.run().catch(fail)
  onRelease(async () => {
    worker.shutdown()
    await running
  })

  onRelease(sweepRecordings({ db: deps.db, log }, sweepEveryMs))
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
