import { createHmac } from 'node:crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { doorSecrets } from './door-app.ts'

/* Requests with a right signature at the doors of `doorApp`, in the shapes in which people's texts arrive. */

const bot = 'fedora-finder'
const account = '1600000000000000001'
const slackMessage = {
  type: 'event_callback',
  team_id: 'T1',
  api_app_id: 'A1',
  authorizations: [{ team_id: 'T1', user_id: 'U0BOT', is_bot: true }],
}

interface Request {
  readonly url: string
  readonly body: string
  readonly contentType?: string
}

/** One text in one place; `number` makes every request one of its own. */
export type Wording = (text: string, number: number) => Request

const slackEvent = (event: { readonly type: string; readonly [field: string]: unknown }, number: number): Request => ({
  url: `/slack/${bot}/events`,
  body: JSON.stringify({ ...slackMessage, event_id: `Ev.${event.type}.${number}`, event }),
})
const slackCommand =
  (command: string): Wording =>
  (text, number) => {
    const fields = { team_id: 'T1', channel_id: 'C1', user_id: 'U1', command, text, trigger_id: `1.${number}.a` }
    const body = new URLSearchParams(fields).toString()
    return { url: `/slack/${bot}/commands`, body, contentType: 'application/x-www-form-urlencoded' }
  }
const xEvent = (type: string, payload: object, number: number): Request => ({
  url: `/x/${bot}/webhook`,
  body: JSON.stringify({
    data: { event_uuid: `-${number}`, event_type: type, filter: { user_id: account }, payload, includes: {} },
  }),
})
const tsOf = (number: number) => `1765000000.${`${number}`.padStart(6, '0')}`

/** Every place where a person's text comes in. */
export const wordings = {
  mention: (text, number) =>
    slackEvent({ type: 'app_mention', user: 'U1', channel: 'C1', ts: tsOf(number), text: `<@U0BOT> ${text}` }, number),
  direct: (text, number) =>
    slackEvent({ type: 'message', channel_type: 'im', user: 'U1', channel: 'D1', ts: tsOf(number), text }, number),
  fix: slackCommand('/fix'),
  predict: slackCommand('/predict'),
  post: (text, number) =>
    xEvent(
      'post.mention.create',
      {
        id: `19970000000${number}`,
        author_id: '42',
        text: `@fedora_finder ${text}`,
        entities: { mentions: [{ id: account, username: 'fedora_finder' }] },
      },
      number,
    ),
  xDirect: (text, number) => {
    const created = { sender_id: '42', target: { recipient_id: account }, message_data: { text } }
    const event = { type: 'message_create', id: `19980000000${number}`, message_create: created }
    return xEvent('dm.received', { direct_message_events: [event] }, number)
  },
} as const satisfies Readonly<Record<string, Wording>>

/** Sends a request as its platform would sign it. */
export function inject(app: FastifyInstance, { url, body, contentType }: Request): Promise<LightMyRequestResponse> {
  const timestamp = `${Math.floor(Date.now() / 1000)}`
  const hmac = (key: string, signed: string) => createHmac('sha256', key).update(signed)
  const headers = {
    'content-type': contentType ?? 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac(doorSecrets.slack, `v0:${timestamp}:${body}`).digest('hex')}`,
    'x-twitter-webhooks-signature': `sha256=${hmac(doorSecrets.x, body).digest('base64')}`,
  }
  return app.inject({ method: 'POST', url, headers, payload: body })
}
