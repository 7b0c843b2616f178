import pg from 'pg'
import type { Logger } from 'pino'
import { errorFields } from '../infra/logger.ts'
import { openTemporalClient } from '../infra/temporal.ts'
import { createBatcher } from '../models/batcher.ts'
import { assertDurable, openDatabase } from '../store/db.ts'
import { claimEvents, inboundChannel, markStarted, releaseEvent } from '../store/inbound-events.ts'
import { unfinishedMessages } from '../store/messages.ts'
import { ensureReviewer } from '../store/people.ts'
import { ensureStarterProfiles } from '../store/profiles.ts'
import { overdueVotes } from '../store/votes.ts'
import { applyVote } from './apply-vote.ts'
import { freeBytesIn, tellOperators } from './operators.ts'
import { watchAlerts } from './operator-alerts.ts'
import { loadBots } from './bots.ts'
import { dispatchEvents } from './dispatch-events.ts'
import { runProcess } from './process.ts'
import { reconcileMessages } from './reconcile-messages.ts'
import { reconcileVotes } from './reconcile-votes.ts'
import { requireDatabaseUrl, simulatorOf } from './settings.ts'
import { startDeadlineMs, startMessage } from './start-message.ts'
import { startRequest } from './start-request.ts'

/** Longer than a start may take, so that a lease never ends under a call that is still at it. */
const leaseMs = 3 * startDeadlineMs
/** Younger messages are on their way. */
const unfinishedAfterMs = 20_000
const listenAgainMs = 1_000
/** The workspace of the simulated Slack (infra/local/start/apps.ts). */
const simulatedTeam = 'T0SIM'
/** Marks that come together share a commit. */
const markBatches = { maxBatch: 20, maxDelayMs: 5 }

/** Listens for the doors' NOTIFY on a connection of its own, and listens again when that breaks. */
function listen(url: string, options: { readonly wake: () => void; readonly log: Logger }): () => Promise<void> {
  let stopped = false
  let client: pg.Client | undefined
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'understudy relay', keepAlive: true })
    client = next
    next.on('notification', options.wake)
    next.on('error', () => undefined)
    next.on('end', again)
    await next.connect()
    await next.query(`listen ${inboundChannel}`)
    options.wake()
  }
  const open = () => {
    if (stopped) return
    connect().catch((error: unknown) => {
      options.log.warn(errorFields(error), 'listening broke; the sweep goes on')
      client?.removeListener('end', again)
      again()
    })
  }
  const again = () => void setTimeout(open, listenAgainMs)
  open()
  return async () => {
    stopped = true
    await client?.end().catch(() => undefined)
  }
}

await runProcess('relay', async ({ config, log, onRelease }) => {
  const databaseUrl = requireDatabaseUrl(config)
  const db = openDatabase(databaseUrl)
  onRelease(() => db.destroy())
  await assertDurable(db)
  const bots = await loadBots()
  for (const { name, starterProfiles } of bots) await ensureStarterProfiles(db, name, starterProfiles)
  if (config.demoReviewer !== undefined && simulatorOf(config.slackApiUrl) !== undefined)
    await ensureReviewer(db, { channel: 'slack', workspace: simulatedTeam, platformUserId: config.demoReviewer })
  const temporal = openTemporalClient(config)
  onRelease(temporal.close)

  const marks = createBatcher(async (ids: readonly number[]) => {
    await markStarted(db, ids)
    return ids
  }, markBatches)
  const dispatcher = dispatchEvents({
    log,
    claim: (limit) => claimEvents(db, { limit, leaseMs }),
    start: startRequest({ db, client: temporal.client, botOf: (name) => bots.find((bot) => bot.name === name) }),
    markStarted: async (id) => {
      await marks.ask(id)
    },
    release: (id) => releaseEvent(db, id),
  })
  onRelease(dispatcher.stop)
  onRelease(listen(databaseUrl, { wake: dispatcher.wake, log }))
  onRelease(watchAlerts({ db, log, freeBytes: () => freeBytesIn(config.home), tell: tellOperators(config, log) }))
  onRelease(
    reconcileVotes({
      log,
      everyMs: config.reconcileSeconds * 1000,
      overdue: () => overdueVotes(db, { olderThanMs: unfinishedAfterMs, limit: 50 }),
      apply: (vote) => applyVote(temporal.client, vote),
    }),
  )
  onRelease(
    reconcileMessages({
      log,
      everyMs: config.reconcileSeconds * 1000,
      unfinished: (after, limit) =>
        unfinishedMessages(db, { olderThanMs: unfinishedAfterMs, limit, ...(after && { after }) }),
      start: (message) => startMessage(temporal.client, message),
    }),
  )
  return {}
})
