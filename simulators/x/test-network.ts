import { Agent } from 'node:http'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { TwitterApi } from 'twitter-api-v2'
import { json } from '../wire/exchange.ts'
import { control, temporaryFolder, webhookDouble } from '../wire/webhook-double.ts'
import { xAppShape } from './apps.ts'
import { createXSimulator } from './simulator.ts'
import { xSignature } from './webhook.ts'

interface Envelope {
  readonly data: {
    readonly event_uuid: string
    readonly event_type: string
    readonly filter: { readonly user_id: string }
    readonly payload: Readonly<Record<string, unknown>>
    readonly includes: { readonly media?: readonly Readonly<Record<string, unknown>>[] }
  }
}

/** What an event tells, out of its envelope. */
export const dataOf = ({ body }: { readonly body: Buffer }) => (JSON.parse(body.toString()) as Envelope).data

/** Brings every `https:` request to the simulator over plain HTTP, leaving its URL and Host as they are. */
class SimulatorAgent extends Agent {
  readonly protocol = 'https:'
  readonly #port: number
  constructor(base: string) {
    super()
    this.#port = Number(new URL(base).port)
  }
  override createConnection() {
    return connect(this.#port, '127.0.0.1')
  }
}

/** Starts an X simulator with one bot, its webhook, which passes the CRC, and the real client. */
export async function xInTest(context: TestContext, options: { readonly clockScale?: number } = {}) {
  const webhook = await webhookDouble(context)
  const dataFolder = await temporaryFolder(context)
  const app = xAppShape.parse({
    bot: 'fedora-finder',
    webhookUrl: `${webhook.url}/x/fedora-finder/webhook`,
    consumerKey: 'key',
    consumerSecret: 'consumer-secret',
    accessToken: '900-token',
    accessTokenSecret: 'token-secret',
    accountId: '900',
    handle: 'FedoraFinder',
  })
  webhook.answerWith(({ method, query }) =>
    json(method === 'GET' ? { response_token: xSignature(app.consumerSecret, query.get('crc_token') ?? '') } : {}),
  )
  const { clockScale = 1 } = options
  const simulator = await createXSimulator({ port: 0, dataFolder, apps: [app], clockScale })
  context.after(simulator.close)
  const clientWith = (accessSecret: string) =>
    new TwitterApi(
      { appKey: app.consumerKey, appSecret: app.consumerSecret, accessToken: app.accessToken, accessSecret },
      { httpAgent: new SimulatorAgent(simulator.url) },
    )
  const call = (what: string, body?: unknown) => control(simulator.url, what, body)
  const post = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
    call('POST /_sim/posts', { author: 'ada', text, ...more })
  const events = () => webhook.received.filter(({ method }) => method === 'POST')
  return {
    app,
    webhook,
    events,
    dataFolder,
    simulator,
    client: clientWith(app.accessTokenSecret),
    clientWith,
    call,
    post,
  }
}
