import ipaddr from 'ipaddr.js'
import { Agent } from 'undici'
import type { PictureDownload } from '../../domain/channel.ts'
import { InputRefused, ServiceUnavailable, UnderstudyError } from '../../domain/errors.ts'
import { assertPublicUrl } from './address-guard.ts'
import { createConnector, type Dialer, type Lookup } from './connector.ts'
import { fetchFollowing, timedOut, type AllowedHosts, type DownloadLimits } from './hops.ts'
import { looksLikeWebPage, pictureHost } from './picture-response.ts'

/** Limits of one download. */
const downloadLimits: DownloadLimits = {
  maxBytes: 10 * 1024 * 1024,
  connectMs: 5_000,
  headersMs: 5_000,
  totalMs: 15_000,
  maxRedirects: 2,
}

export interface Downloader {
  /**
   * Fetches one picture's bytes; whether they are a picture is the decoder's business.
   * @throws InputRefused `forbidden-address`, `login-page`, `gone`, `too-large` or `unreadable` (a compressed body).
   * @throws ServiceUnavailable when the network, a time limit, the host's state or a short body stopped it.
   * @throws the signal's reason when the caller gave up.
   */
  download(
    request: PictureDownload,
    options: { readonly signal?: AbortSignal; readonly allowHosts: AllowedHosts },
  ): Promise<Uint8Array>
  /** Drops the connections that are kept open. */
  close(): Promise<void>
}

/** A network error as ours. Its message is left behind, because it may quote the host that a person typed. */
function asOurs(error: unknown): Error {
  if (error instanceof UnderstudyError) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer'
  if (code === 'ENOTFOUND') return new InputRefused('gone')
  return new ServiceUnavailable(pictureHost, code)
}

function assertWhole(bytes: Uint8Array, announcedBytes: number | undefined): void {
  if (looksLikeWebPage(bytes)) throw new InputRefused('login-page')
  if (announcedBytes !== undefined && bytes.byteLength < announcedBytes)
    throw new ServiceUnavailable(pictureHost, 'the transfer ended early')
}

/**
 * A downloader that reaches public addresses only.
 * @param options.dialer hosts that are reached elsewhere; given by composition roots that run against simulators.
 * @param options.lookup replaces the system's resolver in tests.
 */
export function createDownloader(
  options: {
    readonly dialer?: Dialer
    readonly limits?: Partial<DownloadLimits>
    readonly lookup?: Lookup
  } = {},
): Downloader {
  const limits = { ...downloadLimits, ...options.limits }
  const agent = new Agent({ connect: createConnector({ connectMs: limits.connectMs, ...options }) })
  return {
    download: async (request, { signal, allowHosts }) => {
      signal?.throwIfAborted()
      const url = assertPublicUrl(request.url)
      if ((request.announcedBytes ?? 0) > limits.maxBytes) throw new InputRefused('too-large')
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(timedOut()), limits.totalMs)
      const either = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal])
      try {
        const bytes = await fetchFollowing(
          { url, headers: request.headers },
          { agent, limits, signal: either, allowHosts },
        )
        assertWhole(bytes, request.announcedBytes)
        return bytes
      } catch (error) {
        signal?.throwIfAborted()
        throw asOurs(error)
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => agent.destroy(),
  }
}

/** The file hosts of each platform that its simulator stands for. */
const slackHosts = ['files.slack.com', 'avatars.slack-edge.com', 'secure.gravatar.com'] as const
const xHosts = ['pbs.twimg.com', 'ton.twitter.com'] as const
/** Stands for every link that a person types (RFC 2606 keeps `.example` free of real hosts). */
const typedLinkHost = 'pictures.example'

function loopbackTarget(base: string) {
  const url = new URL(base)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isLoopback = host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
  if (url.protocol !== 'http:' || !isLoopback)
    throw new TypeError('a simulator is reached at an http URL on this machine only')
  return { host, port: Number(url.port === '' ? 80 : url.port) }
}

/**
 * Sends exactly the platforms' file hosts, and `pictures.example`, to the simulators on this machine. Given to
 * the downloader by composition roots only; whatever it does not name goes through the address guard.
 * @param simulators base URLs of the simulators that run; `pictures.example` is served by Slack's, else by X's.
 * @throws TypeError when a URL is not plain http on a loopback address.
 */
export function simulatorDialer(simulators: { readonly slackUrl?: string; readonly xUrl?: string }): Dialer {
  const targets = new Map<string, { readonly host: string; readonly port: number }>()
  const add = (hosts: readonly string[], base: string | undefined) => {
    if (base === undefined) return
    const target = loopbackTarget(base)
    for (const host of hosts) if (!targets.has(host)) targets.set(host, target)
  }
  add([...slackHosts, typedLinkHost], simulators.slackUrl)
  add([...xHosts, typedLinkHost], simulators.xUrl)
  return (host) => targets.get(host)
}
