import { createHash, randomBytes } from 'node:crypto'
import type { Parcel } from '../../wire/courier.ts'
import type { Parcels } from '../../wire/control.ts'
import { mentions } from '../apps.ts'
import type { SlackApp } from '../apps.ts'
import { authorOf, contentOf, fileInMessage } from '../state/present.ts'
import type { Message } from '../state/workspace.ts'

type Json = Readonly<Record<string, unknown>>

const channelTypes: Readonly<Record<string, string>> = { D: 'im', G: 'group' }
const channelTypeOf = (channel: string): string => channelTypes[channel.charAt(0)] ?? 'channel'

/** Ten letters and digits after `Ev`, as Slack's are. The first id of an event is always the same, so that it outlives a restart. */
const eventIdOf = (seed: string) => `Ev${BigInt(`0x${seed}`).toString(36).toUpperCase().padStart(10, '0').slice(-10)}`
const firstEventId = (...parts: readonly string[]) =>
  eventIdOf(createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16))
const newEventId = () => eventIdOf(randomBytes(8).toString('hex'))

/** The outer envelope of the Events API [/apis/events-api/]. */
function envelope(app: SlackApp, event: Json, eventId: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      token: 'deprecated',
      team_id: app.team,
      context_team_id: app.team,
      context_enterprise_id: null,
      api_app_id: app.appId,
      event,
      type: 'event_callback',
      event_id: eventId,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [
        { enterprise_id: null, team_id: app.team, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
      event_context: `4-${eventId}`,
    }),
  )
}

function messageEvent(message: Message, app: SlackApp, apps: readonly SlackApp[]): Json {
  const { channel, ts, metadata } = message
  return {
    ...contentOf(message, app.team),
    ...authorOf(message, apps),
    ...(message.user !== undefined && message.files.length === 0 && { client_msg_id: clientIdOf(message) }),
    ...(metadata && { metadata }),
    channel,
    event_ts: ts,
    channel_type: channelTypeOf(channel),
  }
}

/** Only messages that people type have one. */
function clientIdOf({ channel, ts }: Message): string {
  const hex = createHash('sha256').update(`${channel} ${ts}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function mentionEvent(message: Message, app: SlackApp): Json {
  const { channel, ts, text, user, threadTs, files } = message
  return {
    type: 'app_mention',
    user,
    text,
    ts,
    team: app.team,
    channel,
    event_ts: ts,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(files.length > 0 && { upload: false, files: files.map((file) => fileInMessage(file, app.team)) }),
  }
}

function parcel(app: SlackApp, event: Json, options: { readonly ts: string; readonly eventId: string }): Parcel {
  const { ts, eventId } = options
  const type = String(event['type'])
  const body = envelope(app, event, eventId)
  return { bot: app.bot, url: app.eventsUrl, eventId, type, subject: { ts }, body }
}

/**
 * The events of one person's message for one app. In a channel a mention comes as `app_mention` and, because the bot is a
 * member, as `message` too: two event ids, one `ts`. Direct messages and other messages come as `message` only.
 */
export function parcelsOfMessage(message: Message, app: SlackApp, apps: readonly SlackApp[]): Parcels {
  const { channel, ts, text } = message
  const make = (event: Json, again: boolean) =>
    parcel(app, event, {
      ts,
      eventId: again ? newEventId() : firstEventId(app.appId, channel, ts, String(event['type'])),
    })
  const asMessage = messageEvent(message, app, apps)
  if (channel.startsWith('D') || !mentions(text, app)) return { primary: (again) => make(asMessage, again), twins: [] }
  const asMention = mentionEvent(message, app)
  return { primary: (again) => make(asMention, again), twins: [make(asMessage, false)] }
}

/** A bot's own post comes back to it as an event, with its metadata. */
export const parcelOfOwnPost = (message: Message, app: SlackApp, apps: readonly SlackApp[]): Parcel =>
  parcel(app, messageEvent(message, app, apps), {
    ts: message.ts,
    eventId: firstEventId(app.appId, message.channel, message.ts, 'own'),
  })

const shownTo = (message: Message, app: SlackApp, apps: readonly SlackApp[]): Json => ({
  ...contentOf(message, app.team),
  ...authorOf(message, apps),
})

/** An edit or a `chat.update` tells everybody `message_changed`, the author's app too. */
export function parcelOfChange(
  message: Message,
  app: SlackApp,
  context: { readonly apps: readonly SlackApp[]; readonly before: Message },
): Parcel {
  const { channel, ts } = message
  const event = {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: shownTo(message, app, context.apps),
    previous_message: shownTo(context.before, app, context.apps),
    channel,
    ts: message.editedTs,
    event_ts: message.editedTs,
    channel_type: channelTypeOf(channel),
  }
  return parcel(app, event, { ts, eventId: newEventId() })
}

/** A message that is gone, for everybody in its channel. */
export function parcelOfDeletion(message: Message, app: SlackApp, apps: readonly SlackApp[]): Parcel {
  const { channel, ts } = message
  const now = `${Math.floor(Date.now() / 1000)}.000000`
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: ts,
    previous_message: shownTo(message, app, apps),
    channel,
    ts: now,
    event_ts: now,
    channel_type: channelTypeOf(channel),
  }
  return parcel(app, event, { ts, eventId: newEventId() })
}

/** The end of an installation [/reference/events/tokens_revoked, /reference/events/app_uninstalled]. */
export function parcelOfLifecycle(app: SlackApp, type: 'tokens_revoked' | 'app_uninstalled'): Parcel {
  const event = type === 'tokens_revoked' ? { type, tokens: { oauth: [], bot: [app.botUserId] } } : { type }
  const eventId = newEventId()
  return { bot: app.bot, url: app.eventsUrl, eventId, type, subject: {}, body: envelope(app, event, eventId) }
}

/** What Slack sends instead of events when there are more than 30,000 in an hour; it has no event id. */
export function parcelOfRateLimit(app: SlackApp): Parcel {
  const body = Buffer.from(
    JSON.stringify({
      token: 'deprecated',
      type: 'app_rate_limited',
      team_id: app.team,
      minute_rate_limited: Math.floor(Date.now() / 60_000) * 60,
      api_app_id: app.appId,
    }),
  )
  return { bot: app.bot, url: app.eventsUrl, eventId: '', type: 'app_rate_limited', subject: {}, body }
}

/** The handshake that Slack makes when the address is saved. */
export const parcelOfChallenge = (app: SlackApp, challenge: string): Parcel => ({
  bot: app.bot,
  url: app.eventsUrl,
  eventId: '',
  type: 'url_verification',
  subject: {},
  body: Buffer.from(JSON.stringify({ token: 'deprecated', challenge, type: 'url_verification' })),
})
