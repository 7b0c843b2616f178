import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { LogLevel, WebClient } from '@slack/web-api'
import { control, temporaryFolder, webhookDouble } from '../wire/webhook-double.ts'
import { slackAppShape } from './apps.ts'
import { createSlackSimulator } from './simulator.ts'

/** A request that an app received as a form: a command, or an interaction's payload. */
export const formOf = ({ body }: { readonly body: Buffer }): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(body.toString()))

/** The payload of a click, a shortcut or a modal. */
export const payloadOf = (request: { readonly body: Buffer } | undefined): Payload =>
  JSON.parse(request === undefined ? '{}' : (formOf(request)['payload'] ?? '{}')) as Payload

/** As far as tests look at it. */
export interface Payload {
  readonly type: string
  readonly trigger_id: string
  readonly response_url?: string
  readonly container?: Readonly<Record<string, unknown>>
  readonly message?: Readonly<Record<string, unknown>>
  readonly state?: { readonly values: unknown }
  readonly view?: Readonly<Record<string, unknown>> & { readonly state: { readonly values: unknown } }
  readonly actions?: readonly Readonly<Record<string, unknown>>[]
  readonly [field: string]: unknown
}

/** A reply to a webhook. */
export const answer = (body: unknown, status = 200) =>
  ({ kind: 'whole', status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }) as const

/** Asserts that a Web API call is refused with that code. */
export const refused = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (error: { data?: { error?: string } }) => {
    assert.equal(error.data?.error, code)
    return true
  })

/** Starts a Slack simulator with one bot, its webhook, and the real client; another bot of the team goes by `others`. */
export async function slackInTest(
  context: TestContext,
  options: {
    readonly scopes?: readonly string[]
    readonly clockScale?: number
    readonly commands?: readonly Readonly<Record<string, string>>[]
    readonly others?: readonly string[]
  } = {},
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
    ...(options.commands && { commands: options.commands }),
  })
  const others = (options.others ?? []).map((bot, at) =>
    slackAppShape.parse({
      ...{ ...app, bot, botToken: `xoxb-${bot}`, botUserId: `U0OTHER${at}`, appId: `A0OTHER${at}` },
      eventsUrl: `${webhook.url}/slack/${bot}/events`,
      commandsUrl: undefined,
      interactivityUrl: undefined,
    }),
  )
  const { clockScale = 1 } = options
  const simulator = await createSlackSimulator({ port: 0, dataFolder, apps: [app, ...others], clockScale })
  context.after(simulator.close)
  const client = new WebClient(app.botToken, {
    slackApiUrl: `${simulator.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 3_000,
    logLevel: LogLevel.ERROR,
  })
  const call = (what: string, body?: unknown) => control(simulator.url, what, body)
  const say = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
    call('POST /_sim/messages', { bot: app.bot, channel: 'C1', user: 'U1', text, ...more })
  const posts = async (channel: string) =>
    (await call(`GET /_sim/posts?channel=${channel}`)).json['posts'] as readonly Readonly<Record<string, unknown>>[]
  const asked = (path: string) => webhook.received.filter((request) => request.path.endsWith(path))
  return { app, webhook, dataFolder, simulator, client, call, say, posts, asked }
}
