import { fileURLToPath } from 'node:url'
import type { Families } from '../../models/family.ts'
import { isOutage, isReachable, openDatabase } from '../../store/db.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { finishedSynthetic } from '../../store/messages/load-tests.ts'
import { inferenceRuntime } from '../../store/versions/inference-runtime.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { followLabels, holdBots } from '../../workers/bots/open-bots.ts'
import type { ProcessContext } from '../../workers/process.ts'
import { requireDatabaseUrl } from '../../workers/settings.ts'
import { buildApp } from '../app.ts'
import { createMetrics } from '../metrics.ts'
import { firstContact } from './first-contact.ts'
import { doorsOf, slackDoorsOf, xDoorOf } from './open-doors.ts'
import { operatorDeps } from './operator-deps.ts'
import { standingOf } from './standing.ts'
import { temporalOnFirstUse } from './temporal-on-first-use.ts'

/**
 * Opens the doors. They are open at once, whether the database answers or not: while it does not, they say 503, so that what
 * is sent meanwhile is sent again.
 * @throws BotsInvalid, ConfigInvalid, UnsafeDatabase, and what the database says against this process, such as a wrong password.
 */
export async function startApi(context: ProcessContext, families: Families): Promise<{ readonly url: string }> {
  const { config, log, onRelease } = context
  const db = openDatabase(requireDatabaseUrl(config))
  onRelease(() => db.destroy())
  const bots = holdBots(db, await loadBots(families, config.botsFolder))
  const contact = firstContact(context, { db, bots })
  const { stories, close } = temporalOnFirstUse(config)
  onRelease(close)
  const operator = operatorDeps({ config, log, db, stories, bots, ready: contact.made })
  const app = await buildApp({
    log,
    metrics: createMetrics(() => standingOf(db)),
    ready: contact.made,
    isOutage,
    record: (event, door) => recordEvent(db, event, door),
    slackDoorsOf: doorsOf(bots.all(), 'slack', (bot) => slackDoorsOf(config, bot, bots)),
    xDoorOf: doorsOf(bots.all(), 'x', (bot) => xDoorOf(config, bot, bots)),
    tensorflow: () => inferenceRuntime(db),
    operator,
    loadTest: {
      record: (event, door) => recordEvent(db, event, door),
      putBlob: operator.blobs.put,
      finished: (keys) => finishedSynthetic(db, keys),
    },
    webFolder: fileURLToPath(new URL('../../web/', import.meta.url)),
    readiness: async () => {
      const answers = await contact.made().then(
        () => isReachable(db),
        () => false,
      )
      return { database: answers ? 'ok' : 'down' }
    },
  })
  onRelease(() => app.close())
  const url = await app.listen({ host: config.host, port: config.port })
  await contact.begin()
  followLabels(context, bots)
  return { url }
}
