import { tellUntold } from '../activities/people/tell-untold.ts'
import { openTemporalClient } from '../infra/temporal-client.ts'
import { createBatcher } from '../models/batcher.ts'
import { claimEvents, inboundChannel, markStarted, releaseEvent } from '../store/messages/inbound-events.ts'
import { unfinishedMessages } from '../store/messages/messages.ts'
import { ensureApprover, ensureReviewer } from '../store/people/people.ts'
import { ensureStarterProfiles } from '../store/people/profiles.ts'
import { overdueVotes } from '../store/corrections/votes.ts'
import { applyVote } from './requests/apply-vote.ts'
import { brokenStories } from './relay/broken-stories.ts'
import { freeBytesIn, tellOperators } from './relay/operators.ts'
import { watchAlerts } from './relay/operator-alerts.ts'
import { openChannels } from './bots/channels.ts'
import { dispatchEvents } from './relay/dispatch-events.ts'
import { handOnWaitingReviews } from './requests/hand-on-review.ts'
import { listen } from './relay/listen.ts'
import { botByName, openBots } from './bots/open-bots.ts'
import { peopleDeps } from './deps/people-deps.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
import { reconcileMessages } from './relay/reconcile-messages.ts'
import { requireDatabaseUrl, simulatorOf } from './settings.ts'
import { handOnOverdue } from './requests/start-decision.ts'
import { startDeadlineMs, startMessage } from './requests/start-message.ts'
import { startRequest } from './requests/start-request.ts'
import { sweepEvery } from './sweep.ts'

/** Longer than a start may take, so that a lease never ends under a call that is still at it. */
const leaseMs = 3 * startDeadlineMs
/** Younger messages are on their way. */
const unfinishedAfterMs = 20_000
/** The workspace of the simulated Slack (infra/local/start/apps.ts). */
const simulatedTeam = 'T0SIM'
/** Marks that come together share a commit. */
const markBatches = { maxBatch: 20, maxDelayMs: 5 }

/** Hands on what the doors have accepted, and looks after what was lost on the way. */
export const startRelay: Role = async (context) => {
  const { config, log, onRelease } = context
  const databaseUrl = requireDatabaseUrl(config)
  const db = await openDurable(context)
  const bots = await openBots(context, db)
  for (const { name, starterProfiles } of bots.all()) await ensureStarterProfiles(db, name, starterProfiles)
  if (config.demoReviewer !== undefined && simulatorOf(config.slackApiUrl) !== undefined)
    await ensureReviewer(db, { channel: 'slack', workspace: simulatedTeam, platformUserId: config.demoReviewer })
  if (config.demoApprover !== undefined && simulatorOf(config.slackApiUrl) !== undefined)
    await ensureApprover(db, { channel: 'slack', workspace: simulatedTeam, platformUserId: config.demoApprover })
  const temporal = openTemporalClient(config)
  onRelease(temporal.close)

  const people = peopleDeps(config, { db, botOf: botByName(bots), channelOf: openChannels({ config, log }) })
  const marks = createBatcher(async (ids: readonly number[]) => {
    await markStarted(db, ids)
    return ids
  }, markBatches)
  const dispatcher = dispatchEvents({
    log,
    claim: (limit) => claimEvents(db, { limit, leaseMs }),
    start: startRequest({ db, client: temporal.client, botOf: bots.named, people, log }),
    markStarted: async (id) => {
      await marks.ask(id)
    },
    release: (id) => releaseEvent(db, id),
  })
  onRelease(dispatcher.stop)
  onRelease(listen(databaseUrl, { channel: inboundChannel, wake: dispatcher.wake, log }))
  onRelease(
    watchAlerts({
      ...{ db, log },
      freeBytes: () => freeBytesIn(config.home),
      brokenStories: () => brokenStories(temporal.client),
      tell: tellOperators(config, log),
    }),
  )
  const everyMs = config.reconcileSeconds * 1000
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'votes could not be handed on; the next sweep tries again',
      // Temporal has lost its store, or could not be reached: a vote is counted once, however often it is handed on.
      sweep: async () => {
        const overdue = await overdueVotes(db, { olderThanMs: unfinishedAfterMs, limit: 50 })
        for (const vote of overdue) await applyVote(temporal.client, vote)
      },
    }),
  )
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'decisions could not be handed on; the next sweep tries again',
      sweep: () =>
        handOnOverdue({ people, client: temporal.client, log }, { olderThanMs: unfinishedAfterMs, limit: 50 }),
    }),
  )
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'people could not be told of a rollback or a retrain; the next sweep tries again',
      sweep: () =>
        tellUntold(
          people,
          bots.all().map(({ name }) => name),
        ),
    }),
  )
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'what reviewers decided could not be handed on; the next sweep tries again',
      sweep: () => handOnWaitingReviews({ db, client: temporal.client }),
    }),
  )
  onRelease(
    reconcileMessages({
      log,
      everyMs,
      unfinished: (after, limit) =>
        unfinishedMessages(db, { olderThanMs: unfinishedAfterMs, limit, ...(after && { after }) }),
      start: (message) => startMessage(temporal.client, message),
    }),
  )
}
