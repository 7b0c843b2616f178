import { type FetchFunction, type Logger, LogLevel, WebClient } from '@slack/web-api'

/** How long one call may take in all, in milliseconds (docs/rules.md, rule 3). */
export const callTimeoutMs = 5_000
/** How long to wait when Slack says 429 and not until when, in seconds. */
export const defaultWaitSeconds = 30

/** The client logs request bodies and errors; those hold people's words, so it gets nowhere to write them. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}

/** Without a usable Retry-After the client turns 429 into an error that is told from others by its words only. */
const fetchWithRetryAfter: FetchFunction = async (url, init) => {
  const response = await fetch(url, init)
  if (response.status !== 429 || /^\d+$/.test(response.headers.get('retry-after') ?? '')) return response
  await response.body?.cancel()
  return new Response(null, { status: 429, headers: { 'retry-after': String(defaultWaitSeconds) } })
}

/**
 * The Web API client without its surprises: no repeats, no pause of the whole queue after 429, no queue (a call that waits in
 * one would outlive its activity), a time limit, no absolute URLs as method names, no logs, and headers of its own, because
 * the constructor writes the token into the object it is given.
 */
export const createWebClient = (options: { readonly token: string; readonly apiUrl: string }): WebClient =>
  new WebClient(options.token, {
    ...(options.apiUrl !== 'live' && { slackApiUrl: `${options.apiUrl}/api/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: callTimeoutMs,
    allowAbsoluteUrls: false,
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    headers: {},
    logger: silent,
    fetch: fetchWithRetryAfter,
  })
