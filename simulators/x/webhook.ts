import { createHmac, randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import type { Postal } from '../wire/courier.ts'
import { postOnce } from '../wire/post-once.ts'
import type { XApp } from './apps.ts'

/** A webhook has 10 s. */
const xAckMs = 10_000

/** `sha256=` and the base64 HMAC-SHA256 under the consumer secret: of an event's raw body, and of a CRC's token. */
export const xSignature = (consumerSecret: string, content: Buffer | string): string =>
  `sha256=${createHmac('sha256', consumerSecret).update(content).digest('base64')}`

/**
 * How X delivers: three tries over five minutes. The current pages promise only "retry and recovery support"; the number is
 * that of the older Enterprise page (https://developer.x.com/en/docs/x-api/enterprise/account-activity-api/guides/activity-retries).
 */
export const xPostal = (apps: readonly XApp[]): Postal => ({
  ackMs: xAckMs,
  retryAfterMs: [60_000, 240_000],
  redirects: 0,
  headers: ({ bot, body }) => ({
    'content-type': 'application/json',
    'x-twitter-webhooks-signature': xSignature(apps.find((app) => app.bot === bot)?.consumerSecret ?? '', body),
  }),
  givesUp: () => false,
})

/** How a CRC ended. `invalid`: so that X stops delivering, until one passes. */
export interface CrcResult {
  readonly passed: boolean
  readonly invalid: boolean
  readonly status: number
  readonly ms: number
}

function responseToken(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'response_token' in value ? value.response_token : undefined
  } catch {
    return undefined
  }
}

/**
 * X's challenge-response check: the webhook must sign a fresh token. A wrong token with 2xx and a redirect make the webhook
 * invalid; errors and silence do so only after 28 h, which this simulator does not wait for.
 */
export async function runCrc(app: XApp): Promise<CrcResult> {
  const token = randomBytes(24).toString('base64url')
  const url = new URL(app.webhookUrl)
  url.searchParams.set('crc_token', token)
  const agent = new Agent()
  const call = { method: 'GET', url: url.href, headers: {}, body: Buffer.alloc(0), agent, timeoutMs: xAckMs } as const
  const { status, body, ms } = await postOnce(call)
  agent.destroy()
  const passed = status === 200 && responseToken(body) === xSignature(app.consumerSecret, token)
  return { passed, invalid: !passed && status >= 200 && status < 400, status, ms }
}
