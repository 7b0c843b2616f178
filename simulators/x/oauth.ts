import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Exchange } from '../wire/exchange.ts'
import type { XApp } from './apps.ts'

/** RFC 3986, which OAuth 1.0a asks for: five more characters than JavaScript's own. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** How far the client's clock may be off, in seconds. */
const toleranceSeconds = 300

function oauthParams(header: string | undefined): ReadonlyMap<string, string> | undefined {
  if (header === undefined || !/^OAuth\s/i.test(header)) return undefined
  const params = new Map<string, string>()
  for (const [, name = '', value = ''] of header.matchAll(/([\w%.~-]+)="([^"]*)"/g)) {
    try {
      params.set(decodeURIComponent(name), decodeURIComponent(value))
    } catch {
      return undefined
    }
  }
  return params
}

function formParams(exchange: Exchange): readonly (readonly [string, string])[] {
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return []
  return [...new URLSearchParams(exchange.body.toString('utf8'))]
}

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

/**
 * The HMAC-SHA1 signature of a request under OAuth 1.0a (RFC 5849 §3.4), in base64.
 * @param request `url` without its query; `params`: those of the query, of a form body, and all `oauth_` ones but the signature.
 */
export function oauthSignature(
  request: {
    readonly method: string
    readonly url: string
    readonly params: readonly (readonly [string, string])[]
  },
  secrets: { readonly consumer: string; readonly token: string },
): string {
  const normalised = request.params
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([name, value], [otherName, otherValue]) => byText(name, otherName) || byText(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const base = [request.method.toUpperCase(), encode(request.url), encode(normalised)].join('&')
  return createHmac('sha1', `${encode(secrets.consumer)}&${encode(secrets.token)}`)
    .update(base)
    .digest('base64')
}

const equal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

function isCurrent(oauth: ReadonlyMap<string, string>, nowMs: number): boolean {
  const seconds = Number(oauth.get('oauth_timestamp') ?? NaN)
  return Math.abs(nowMs / 1000 - seconds) <= toleranceSeconds
}

/** Whose request it is, or `undefined` when its OAuth 1.0a signature for `https://<host><path>` is not right. */
export function accountOf(
  apps: readonly XApp[],
  exchange: Exchange,
  options: { readonly host: string },
): XApp | undefined {
  const oauth = oauthParams(exchange.headers.authorization)
  if (oauth?.get('oauth_signature_method') !== 'HMAC-SHA1' || !isCurrent(oauth, Date.now())) return undefined
  const app = apps.find(
    ({ consumerKey, accessToken }) =>
      consumerKey === oauth.get('oauth_consumer_key') && accessToken === oauth.get('oauth_token'),
  )
  if (app === undefined) return undefined
  const own = [...oauth].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
  const wanted = oauthSignature(
    {
      method: exchange.method,
      url: `https://${options.host}${exchange.path}`,
      params: [...own, ...exchange.query, ...formParams(exchange)],
    },
    { consumer: app.consumerSecret, token: app.accessTokenSecret },
  )
  return equal(wanted, oauth.get('oauth_signature') ?? '') ? app : undefined
}
