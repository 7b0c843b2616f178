import { type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2'
import { simulatorAgent } from '../agent.ts'

/** How long one call may take in all, in milliseconds (docs/rules.md, rule 3). */
export const callTimeoutMs = 5_000

/** OAuth 1.0a credentials of the bot's account; the tokens do not expire. */
export interface XAccess {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly accessToken: string
  readonly accessTokenSecret: string
}

/** The client's own `timeout` is one of silence, which a slow body never meets; a signal ends the call for certain. */
const deadline: ITwitterApiClientPlugin = {
  onBeforeRequest: ({ requestOptions }) => {
    requestOptions.signal = AbortSignal.timeout(callTimeoutMs)
  },
}

/**
 * X's client with a limit on the whole call and no plugin that repeats anything.
 * @param options `apiUrl`: `live`, or the base URL of a simulator.
 */
export const createClient = (options: { readonly credentials: XAccess; readonly apiUrl: string }): TwitterApi =>
  new TwitterApi(
    {
      appKey: options.credentials.consumerKey,
      appSecret: options.credentials.consumerSecret,
      accessToken: options.credentials.accessToken,
      accessSecret: options.credentials.accessTokenSecret,
    },
    { plugins: [deadline], ...(options.apiUrl !== 'live' && { httpAgent: simulatorAgent(options.apiUrl) }) },
  )
