import fastify, { type FastifyInstance } from 'fastify'
import type { DoorDeps } from '../../../api/doors/door.ts'
import { slackDoor } from '../../../api/doors/slack.ts'
import { xDoor } from '../../../api/doors/x.ts'
import { doorsOf, slackDoorsOf, xDoorOf } from '../../../api/wiring/open-doors.ts'
import { answerProblems } from '../../../api/problems.ts'
import type { Bot } from '../../../domain/bot.ts'
import { loadConfig } from '../../../infra/config.ts'

/** What the platforms sign with at the doors of `doorApp`. */
export const doorSecrets = { slack: 'the-signing-secret', x: 'the-consumer-secret' } as const

/** Nothing of these tests is read from a platform. */
const config = loadConfig({
  SLACK_API_URL: 'http://127.0.0.1:9',
  X_API_URL: 'http://127.0.0.1:9',
  SLACK_SIGNING_SECRET: doorSecrets.slack,
  SLACK_BOT_TOKEN: 'xoxb-door',
  X_CONSUMER_KEY: 'door',
  X_CONSUMER_SECRET: doorSecrets.x,
  X_ACCESS_TOKEN: '1-door',
  X_ACCESS_TOKEN_SECRET: 'door',
})

/** The doors of one bot as the API opens them; `record` is what they commit to. */
export async function doorApp(bot: Bot, record: DoorDeps['record']): Promise<FastifyInstance> {
  const app = fastify()
  answerProblems(app)
  const bots = { named: () => bot, addLabel: () => Promise.resolve('') }
  const deps = {
    record,
    ready: () => Promise.resolve(),
    metrics: { event: () => undefined, answered: () => undefined },
  }
  await app.register(
    slackDoor({ ...deps, doorsOf: doorsOf([bot], 'slack', (each) => slackDoorsOf(config, each, bots)) }),
  )
  await app.register(xDoor({ ...deps, doorOf: doorsOf([bot], 'x', (each) => xDoorOf(config, each, bots)) }))
  return app
}
