import { createHmac, randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import type { Failure, Parcel, Postal } from '../../wire/courier.ts'
import { postOnce } from '../../wire/post-once.ts'
import type { SlackApp } from '../apps.ts'
import { parcelOfChallenge } from './events.ts'

/** A webhook has 3 s [/apis/events-api/]. */
const slackAckMs = 3000

/** `v0=` and the HMAC-SHA256 of `v0:<seconds>:<raw body>` [/authentication/verifying-requests-from-slack]. */
export const slackSignature = (secret: string, timestamp: string, body: Buffer): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`

const reasons: Readonly<Record<Failure, string>> = {
  timeout: 'http_timeout',
  connection: 'connection_failed',
  redirects: 'too_many_redirects',
  status: 'http_error',
}

const agentName = { 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)' }

function signedHeaders(
  secret: string,
  body: Buffer,
  contentType = 'application/json',
): Readonly<Record<string, string>> {
  const timestamp = `${Math.floor(Date.now() / 1000)}`
  return {
    'content-type': contentType,
    ...agentName,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': slackSignature(secret, timestamp, body),
  }
}

const secretOf = (apps: readonly SlackApp[], bot: string): string =>
  apps.find((app) => app.bot === bot)?.signingSecret ?? ''

/** How Slack delivers: three retries, almost at once, after 1 and after 5 minutes, each telling its number and reason. */
export const slackPostal = (apps: readonly SlackApp[]): Postal => ({
  ackMs: slackAckMs,
  retryAfterMs: [0, 60_000, 300_000],
  redirects: 2,
  headers: (parcel: Parcel, attempt, before) => ({
    ...(parcel.unsigned
      ? { ...agentName, 'content-type': parcel.contentType ?? 'application/json' }
      : signedHeaders(secretOf(apps, parcel.bot), parcel.body, parcel.contentType)),
    ...(attempt > 1 && {
      'x-slack-retry-num': `${attempt - 1}`,
      'x-slack-retry-reason': before === undefined ? 'unknown_error' : reasons[before],
    }),
  }),
  givesUp: (outcome) => outcome.status !== 0 && outcome.headers['x-slack-no-retry'] === '1',
})

function answersWith(challenge: string, body: string): boolean {
  if (body.trim() === challenge) return true
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'challenge' in value && value.challenge === challenge
  } catch {
    return false
  }
}

/** Slack's check of an events address: a signed challenge that must come back within 3 s. */
export async function verifyUrl(
  app: SlackApp,
): Promise<{ readonly passed: boolean; readonly status: number; readonly ms: number }> {
  const challenge = randomUUID()
  const { body } = parcelOfChallenge(app, challenge)
  const agent = new Agent()
  const headers = signedHeaders(app.signingSecret, body)
  const outcome = await postOnce({ method: 'POST', url: app.eventsUrl, headers, body, agent, timeoutMs: slackAckMs })
  agent.destroy()
  const passed = outcome.status === 200 && answersWith(challenge, outcome.body)
  return { passed, status: outcome.status, ms: outcome.ms }
}
