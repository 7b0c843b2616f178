import type { FastifyBaseLogger } from 'fastify'
import type { Bot } from '../../../domain/bot.ts'
import type { Config } from '../../../infra/config.ts'
import { openTemporalClient } from '../../../infra/temporal-client.ts'
import type { Db } from '../../../store/db.ts'
import type { StartableMessage } from '../../../store/messages/messages.ts'
import { handOnReview } from '../../../workers/requests/hand-on-review.ts'
import { restartMessage } from '../../../workers/requests/start-message.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import { createDecide } from './decide.ts'
import { rebuildDeps, replayDeps } from './job-deps.ts'
import { createAskForRetrain, createCancelRetrain } from './retrain-orders.ts'
import { createChangeSchedule, scheduleOf } from './schedule-deps.ts'
import { createStartRollout } from './start-rollout.ts'

export interface TemporalWiring {
  readonly config: Config
  readonly db: Db
  readonly log: FastifyBaseLogger
}

/** Everything that the operator API asks of Temporal. */
export interface TemporalOrders extends Pick<
  LearningDeps,
  'askForRetrain' | 'cancelRetrain' | 'changeSchedule' | 'replays' | 'rebuilds'
> {
  readonly scheduleOf: (bot: Bot) => ReturnType<typeof scheduleOf>
  readonly tellReview: LearningDeps['corrections']['tellReview']
  readonly startRollout: LearningDeps['rollouts']['start']
  readonly decide: LearningDeps['rollouts']['decide']
  readonly restart: (message: StartableMessage) => Promise<void>
  /** Whether the server answers within some seconds. */
  readonly answers: () => Promise<boolean>
  readonly close: () => Promise<void>
}

/** Slower answers mean that something is wrong, too. */
const answerWithinMs = 3_000

/** Temporal for the operator API. It connects with the first call, so that it can be opened while the server is down. */
export function openTemporalOrders({ config, db, log }: TemporalWiring): TemporalOrders {
  const { client, close } = openTemporalClient(config)
  return {
    scheduleOf: (bot) => scheduleOf(client, bot),
    askForRetrain: createAskForRetrain(db, client),
    cancelRetrain: createCancelRetrain(db, client),
    changeSchedule: createChangeSchedule(db, client),
    replays: replayDeps(db, client),
    rebuilds: rebuildDeps(client),
    startRollout: createStartRollout(db, client),
    decide: createDecide({ db, client, log }),
    // It is kept with its review: what cannot be handed on now, the relay hands on.
    tellReview: (review) =>
      handOnReview({ db, client }, review).catch((error: unknown) => {
        const name = error instanceof Error ? error.name : 'unknown'
        log.warn({ bot: review.bot, error: name }, 'what follows a review waits for Temporal; the relay hands it on')
      }),
    restart: (message) => restartMessage(client, message),
    answers: () =>
      client.connection
        .withDeadline(Date.now() + answerWithinMs, () => client.connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    close,
  }
}
