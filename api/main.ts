import { fileURLToPath } from 'node:url'
import { assertDurable, isReachable, openDatabase } from '../store/db.ts'
import { inferenceRuntime } from '../store/versions/inference-runtime.ts'
import { recordEvent } from '../store/messages/inbound-events.ts'
import { finishedSynthetic } from '../store/messages/load-tests.ts'
import { openBots } from '../workers/bots/open-bots.ts'
import { runProcess } from '../workers/process.ts'
import { requireDatabaseUrl } from '../workers/settings.ts'
import { buildApp } from './app.ts'
import { labelAdder } from './wiring/add-label.ts'
import { doorsOf, slackDoorsOf, xDoorOf } from './wiring/open-doors.ts'
import { operatorDeps } from './wiring/operator-deps.ts'
import { standingOf } from './wiring/standing.ts'
import { temporalOnFirstUse } from './wiring/temporal/on-first-use.ts'
import { createMetrics } from './metrics.ts'

await runProcess('api', async (context) => {
  const { config, log, onRelease } = context
  const db = openDatabase(requireDatabaseUrl(config))
  onRelease(() => db.destroy())
  await assertDurable(db)
  const bots = await openBots(context, db)
  const openBot = { named: bots.named, addLabel: labelAdder(db, bots) }
  const { temporal, close } = temporalOnFirstUse({ config, db, log })
  onRelease(close)
  const operator = operatorDeps({ config, log, db, temporal, bots })
  const app = await buildApp({
    log,
    metrics: createMetrics(() => standingOf(db)),
    record: (event, door) => recordEvent(db, event, door),
    slackDoorsOf: doorsOf(bots.all(), 'slack', (bot) => slackDoorsOf(config, bot, openBot)),
    xDoorOf: doorsOf(bots.all(), 'x', (bot) => xDoorOf(config, bot, openBot)),
    tensorflow: () => inferenceRuntime(db),
    operator,
    loadTest: {
      record: (event, door) => recordEvent(db, event, door),
      putBlob: operator.putBlob,
      finished: (keys) => finishedSynthetic(db, keys),
    },
    webFolder: fileURLToPath(new URL('../web/', import.meta.url)),
    readiness: async () => ({ database: (await isReachable(db)) ? 'ok' : 'down' }),
  })
  onRelease(() => app.close())
  return { url: await app.listen({ host: config.host, port: config.port }) }
})
