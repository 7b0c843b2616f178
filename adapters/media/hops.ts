import type { Agent, Dispatcher } from 'undici'
import { InputRefused, ServiceUnavailable } from '../../domain/errors.ts'
import { assertPublicUrl } from './address-guard.ts'
import { assertFetched, assertPictureHeaders, pictureHost, readCapped, redirectOf } from './picture-response.ts'

/** `public`: any public host. A list: exactly these hosts, or with `*.` in front the hosts below one. */
export type AllowedHosts = 'public' | readonly string[]

export interface DownloadLimits {
  readonly maxBytes: number
  readonly connectMs: number
  /** From sending a request to the end of the answer's headers, on every hop. */
  readonly headersMs: number
  /** The whole download, redirects and body included. */
  readonly totalMs: number
  readonly maxRedirects: number
}

/** One request of a chain. */
export interface Hop {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

/** What all hops of one download share. */
export interface Fetching {
  readonly agent: Agent
  readonly limits: DownloadLimits
  readonly signal: AbortSignal
  readonly allowHosts: AllowedHosts
}

function assertAllowed(url: URL, allowed: AllowedHosts): void {
  if (allowed === 'public') return
  const matches = (host: string) =>
    host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host
  if (!allowed.some(matches)) throw new InputRefused('forbidden-address')
}

const slackFileHost = /^files\.slack(?:-gov)?\.com$/
const slackHost = /(?:^|\.)slack(?:-gov)?\.com$/

/** Where a redirect leads. Headers carry tokens, so they end at the first change of host. */
function nextHop(from: Hop, location: string): Hop {
  const target = URL.parse(location, from.url.href)
  if (target === null) throw new InputRefused('forbidden-address')
  // Slack sends a token without `files:read` to the workspace's sign-in page with a 302 (https://docs.slack.dev/reference/objects/file-object).
  const leavesSlackFiles = slackFileHost.test(from.url.hostname) && !slackFileHost.test(target.hostname)
  if (leavesSlackFiles && slackHost.test(target.hostname)) throw new InputRefused('login-page')
  return { url: assertPublicUrl(target.href), headers: target.host === from.url.host ? from.headers : {} }
}

/** Aborting closes the connection, so that nothing more of a body is received; undici reports that on the body. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined)
  body.destroy()
}

/** The reason that a time limit gives. */
export const timedOut = () => new ServiceUnavailable(pictureHost, 'it took too long')

async function requestHead({ url, headers }: Hop, { agent, limits, signal }: Fetching) {
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(timedOut()), limits.headersMs)
  try {
    return await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      // Without a user agent some hosts answer 403.
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'understudy', ...headers },
      signal: AbortSignal.any([signal, waiting.signal]),
    })
  } finally {
    clearTimeout(timer)
  }
}

async function fetchHop(hop: Hop, fetching: Fetching): Promise<Uint8Array | Hop> {
  assertAllowed(hop.url, fetching.allowHosts)
  const response = await requestHead(hop, fetching)
  try {
    const location = redirectOf(response)
    if (location !== undefined) return nextHop(hop, location)
    assertFetched(response, Date.now())
    assertPictureHeaders(response, fetching.limits.maxBytes)
    return await readCapped(response.body, fetching.limits.maxBytes)
  } finally {
    discard(response.body)
  }
}

/**
 * Fetches a picture through at most `maxRedirects` redirects, each checked like the first address.
 * @throws InputRefused and ServiceUnavailable as `Downloader.download` does; network errors as undici has them.
 */
export async function fetchFollowing(start: Hop, fetching: Fetching): Promise<Uint8Array> {
  let hop = start
  for (let redirects = 0; redirects <= fetching.limits.maxRedirects; redirects += 1) {
    const found = await fetchHop(hop, fetching)
    if (found instanceof Uint8Array) return found
    hop = found
  }
  throw new InputRefused('forbidden-address')
}
