import { openTemporalClient } from '../infra/temporal-client.ts'
import { createBatcher } from '../models/runtime/batcher.ts'
import { handOnReview } from '../operations/review-correction.ts'
import { recordOverdueDecisions } from '../store/approvals/decisions.ts'
import { overdueVotes } from '../store/corrections/votes.ts'
import { waitingReviews } from '../store/corrections/waiting-reviews.ts'
import { claimEvents, inboundChannel, markStarted, releaseEvent } from '../store/messages/inbound-events.ts'
import { unfinishedMessages } from '../store/messages/messages.ts'
import { sweepOperations } from '../store/operations.ts'
import { ensureApprover, ensureReviewer } from '../store/people/people.ts'
import { ensureStarterProfiles } from '../store/people/profiles.ts'
import { loadBots } from './bots/bots.ts'
import { openBots } from './bots/open-bots.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
import { brokenStories } from './relay/broken-stories.ts'
import { dispatchEvents } from './relay/dispatch-events.ts'
import { handOnRequest } from './relay/hand-on-request.ts'
import { listen } from './relay/listen.ts'
import { watchAlerts } from './relay/operator-alerts.ts'
import { freeBytesIn, tellOperators } from './relay/operators.ts'
import { reconcileMessages } from './relay/reconcile-messages.ts'
import { requireDatabaseUrl, simulatorOf } from './settings.ts'
import { sweepEvery } from './sweep.ts'

/** Longer than a call to Temporal may take, so that a lease never ends under a call that is still at it. */
const leaseMs = 15_000
/** Younger messages, votes, reviews and decisions are on their way. */
const unfinishedAfterMs = 20_000
const mostAtOnce = 50
/** The workspace of the simulated Slack (infra/local/start/apps.ts). */
const simulatedTeam = 'T0SIM'
/** Marks that come together share a commit. */
const markBatches = { maxBatch: 20, maxDelayMs: 5 }
const dayMs = 24 * 60 * 60_000

/** Hands on what the doors have accepted, and looks after what was lost on the way. It starts and signals, and calls no platform. */
export const startRelay: Role = async (context) => {
  const { config, families, log, onRelease } = context
  const databaseUrl = requireDatabaseUrl(config)
  const db = await openDurable(context)
  const bots = await openBots(context, db, await loadBots(families, config.botsFolder))
  for (const { name, starterProfiles } of bots.all()) await ensureStarterProfiles(db, name, starterProfiles)
  if (config.demoReviewer !== undefined && simulatorOf(config.slackApiUrl) !== undefined)
    await ensureReviewer(db, { channel: 'slack', workspace: simulatedTeam, platformUserId: config.demoReviewer })
  if (config.demoApprover !== undefined && simulatorOf(config.slackApiUrl) !== undefined)
    await ensureApprover(db, { channel: 'slack', workspace: simulatedTeam, platformUserId: config.demoApprover })
  const { client, stories, close } = openTemporalClient(config)
  onRelease(close)

  const marks = createBatcher(async (ids: readonly number[]) => {
    await markStarted(db, ids)
    return ids
  }, markBatches)
  const dispatcher = dispatchEvents({
    log,
    claim: (limit) => claimEvents(db, { limit, leaseMs }),
    start: handOnRequest({ db, stories, botOf: bots.named }),
    markStarted: async (id) => {
      await marks.ask(id)
    },
    release: (failed) => releaseEvent(db, failed),
  })
  onRelease(dispatcher.stop)
  onRelease(listen(databaseUrl, { channel: inboundChannel, wake: dispatcher.wake, log }))
  onRelease(
    watchAlerts({
      ...{ db, log },
      freeBytes: () => freeBytesIn(config.home),
      brokenStories: () => brokenStories(client),
      tell: tellOperators(config, log),
    }),
  )
  const everyMs = config.reconcileSeconds * 1000
  const left = { olderThanMs: unfinishedAfterMs, limit: mostAtOnce }
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'votes could not be handed on; the next sweep tries again',
      // Temporal has lost its store, or could not be reached: a vote is counted once, however often it is handed on.
      sweep: async () => {
        for (const vote of await overdueVotes(db, left)) await stories.castVote(vote)
      },
    }),
  )
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'decisions could not be handed on; the next sweep tries again',
      sweep: () => recordOverdueDecisions(db, left),
    }),
  )
  onRelease(
    sweepEvery(everyMs, {
      log,
      failed: 'what reviewers decided could not be handed on; the next sweep tries again',
      sweep: async () => {
        const handing = { db, stories: () => Promise.resolve(stories) }
        for (const review of await waitingReviews(db, left)) await handOnReview(handing, review)
      },
    }),
  )
  onRelease(
    sweepEvery(dayMs, {
      log,
      failed: 'old operations could not be forgotten; the next sweep tries again',
      sweep: () => sweepOperations(db),
    }),
  )
  onRelease(
    reconcileMessages({
      log,
      everyMs,
      unfinished: (after, limit) =>
        unfinishedMessages(db, { olderThanMs: unfinishedAfterMs, limit, ...(after && { after }) }),
      start: stories.startAnswer,
    }),
  )
}
