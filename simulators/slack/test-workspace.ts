import type { TestContext } from 'node:test'
import { LogLevel, WebClient } from '@slack/web-api'
import { control, temporaryFolder, webhookDouble } from '../wire/webhook-double.ts'
import { slackAppShape } from './apps.ts'
import { createSlackSimulator } from './simulator.ts'

/** Starts a Slack simulator with one bot, its webhook, and the real client. */
export async function slackInTest(
  context: TestContext,
  options: { readonly scopes?: readonly string[]; readonly clockScale?: number } = {},
) {
  const webhook = await webhookDouble(context)
  const dataFolder = await temporaryFolder(context)
  const app = slackAppShape.parse({
    bot: 'fedora-finder',
    eventsUrl: `${webhook.url}/slack/fedora-finder/events`,
    signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    botToken: 'xoxb-of-the-test',
    botUserId: 'U0BOT',
    appId: 'A0APP',
    team: 'T0TEAM',
    ...(options.scopes && { scopes: options.scopes }),
  })
  const { clockScale = 1 } = options
  const simulator = await createSlackSimulator({ port: 0, dataFolder, apps: [app], clockScale })
  context.after(simulator.close)
  const client = new WebClient(app.botToken, {
    slackApiUrl: `${simulator.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 1000,
    logLevel: LogLevel.ERROR,
  })
  const call = (what: string, body?: unknown) => control(simulator.url, what, body)
  const say = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
    call('POST /_sim/messages', { bot: app.bot, channel: 'C1', user: 'U1', text, ...more })
  return { app, webhook, dataFolder, simulator, client, call, say }
}
