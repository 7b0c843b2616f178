import { parseSlackEvent } from '../adapters/slack/parse-event.ts'
import { verifySlackRequest } from '../adapters/slack/verify-request.ts'
import { parseXEvent } from '../adapters/x/parse-event.ts'
import { crcResponse, verifyXRequest } from '../adapters/x/verify-request.ts'
import type { Bot } from '../domain/bot.ts'
import type { Config } from '../infra/config.ts'
import { assertDurable, isReachable, openDatabase } from '../store/db.ts'
import { inferenceRuntime } from '../store/inference-runtime.ts'
import { recordEvent, waitingEvents } from '../store/inbound-events.ts'
import { messageCounts } from '../store/messages.ts'
import { loadBots } from '../workers/bots.ts'
import { runProcess } from '../workers/process.ts'
import { requireDatabaseUrl } from '../workers/settings.ts'
import { buildApp } from './app.ts'
import type { Door } from './doors/door.ts'
import type { XDoor } from './doors/x.ts'
import { createMetrics } from './metrics.ts'

function slackDoorOf(config: Config, bot: string): Door | undefined {
  const credentials = config.slack(bot)
  return (
    credentials && {
      verify: (rawBody, header) =>
        verifySlackRequest(
          { rawBody, timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') },
          { secrets: credentials.signingSecrets, nowMs: Date.now() },
        ),
      parse: (rawBody) => parseSlackEvent(rawBody, bot),
    }
  )
}

function xDoorOf(config: Config, bot: string): XDoor | undefined {
  const credentials = config.x(bot)
  return (
    credentials && {
      verify: (rawBody, header) =>
        verifyXRequest(
          { rawBody, signature: header('x-twitter-webhooks-signature') },
          { secrets: credentials.consumerSecrets },
        ),
      parse: (rawBody) => parseXEvent(rawBody, bot),
      // X signs with one secret at a time: the first is the current one.
      crcResponse: (token) => crcResponse(token, credentials.consumerSecrets[0] ?? ''),
    }
  )
}

const doorsOf = <D>(bots: readonly Bot[], channel: 'slack' | 'x', open: (bot: string) => D | undefined) => {
  const doors = new Map(
    bots.filter((bot) => bot.channels.includes(channel)).map((bot) => [bot.name, open(bot.name)] as const),
  )
  return (bot: string) => doors.get(bot)
}

await runProcess('api', async ({ config, log, onRelease }) => {
  const db = openDatabase(requireDatabaseUrl(config))
  onRelease(() => db.destroy())
  await assertDurable(db)
  const bots = await loadBots()
  const app = await buildApp({
    log,
    metrics: createMetrics(async () => {
      const waiting = await waitingEvents(db)
      return { waitingEvents: waiting.count, oldestWaitingMs: waiting.oldestMs, messages: await messageCounts(db) }
    }),
    record: (event, door) => recordEvent(db, event, door),
    slackDoorOf: doorsOf(bots, 'slack', (bot) => slackDoorOf(config, bot)),
    xDoorOf: doorsOf(bots, 'x', (bot) => xDoorOf(config, bot)),
    tensorflow: () => inferenceRuntime(db),
    readiness: async () => ({ database: (await isReachable(db)) ? 'ok' : 'down' }),
  })
  onRelease(() => app.close())
  return { url: await app.listen({ host: config.host, port: config.port }) }
})
