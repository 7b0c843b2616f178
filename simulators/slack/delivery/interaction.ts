import { randomBytes, randomInt } from 'node:crypto'
import type { Outcome } from '../../wire/post-once.ts'
import type { SlackApp } from '../apps.ts'
import type { Message } from '../state/workspace.ts'
import type { World } from '../world.ts'

/** What a person did, and where. */
export interface Doing {
  readonly app: SlackApp
  readonly user: string
  readonly channel?: string
  /** The message that was clicked: the app may replace or delete it. */
  readonly clicked?: Message
  /** The last part of the path of the address for answers. */
  readonly kind: 'commands' | 'actions' | 'app'
}

/** What the app is handed so that it can answer. */
export interface Handles {
  readonly trigger: string
  /** None when nothing happened in a channel. */
  readonly responseUrl: string | undefined
}

const digits = () => `${randomInt(1e9, 1e10)}`

/** Hands out a trigger, and in a channel an address for answers, for one thing that a person did. */
export async function begin(world: World, doing: Doing): Promise<Handles> {
  const { app, user, channel, clicked, kind } = doing
  const trigger = `${digits()}${randomInt(100, 1000)}.${digits()}.${randomBytes(16).toString('hex')}`
  const token = randomBytes(18).toString('base64url')
  const ts = clicked?.bot === app.bot ? clicked.ts : undefined
  const threadTs = clicked?.threadTs
  await world.ledger.record({
    method: '_sim/interactions',
    trigger,
    bot: app.bot,
    user,
    ...(channel !== undefined && {
      channel,
      hook: { token, ...(ts !== undefined && { ts }), ...(threadTs !== undefined && { threadTs }) },
    }),
  })
  const responseUrl = `${world.baseUrl()}/hooks/${kind}/${app.team}/${token}`
  return { trigger, responseUrl: channel === undefined ? undefined : responseUrl }
}

const formType = 'application/x-www-form-urlencoded'

/** Sends a form once: commands and clicks are never sent again [/interactivity/handling-user-interaction]. */
export const sendForm = (
  world: World,
  app: SlackApp,
  form: {
    readonly url: string
    readonly type: string
    readonly fields: Readonly<Record<string, string>>
    readonly ts?: string
    readonly unsigned?: boolean
  },
): Promise<Outcome> =>
  world.courier.deliverOnce({
    bot: app.bot,
    url: form.url,
    eventId: '',
    type: form.type,
    subject: form.ts === undefined ? {} : { ts: form.ts },
    body: Buffer.from(new URLSearchParams(form.fields).toString()),
    contentType: formType,
    unsigned: form.unsigned ?? false,
  })

/** Sends an interaction's payload. */
export const sendPayload = (
  world: World,
  app: SlackApp,
  payload: { readonly type: string; readonly [field: string]: unknown },
): Promise<Outcome> =>
  sendForm(world, app, {
    url: app.interactivityUrl,
    type: payload.type,
    fields: { payload: JSON.stringify(payload) },
  })

/** How it ended, for the control call that made it happen. */
export const told = (trigger: string, { status, ms, body }: Outcome) => ({ triggerId: trigger, status, ms, body })

/** Whether the app acknowledged. */
export const isAcknowledged = ({ status }: Outcome): boolean => status >= 200 && status < 300

/** An answer's JSON object; `undefined` when it is none. */
export function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
