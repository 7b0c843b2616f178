import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MalformedEvent } from '../../domain/errors.ts'
import type { InboundEvent, InboundMessage, PictureRef } from '../../domain/inbound.ts'
import { slackBusinessKey, slackTransportKey } from '../../domain/keys.ts'

/** Narrow on purpose: ids become keys of an index, which takes neither NUL nor thousands of bytes. */
const id = z.string().regex(/^[\w.:-]{1,100}$/)
const name = z.string().regex(/^[\w.:-]{1,60}$/)
const timestamp = z.string().regex(/^\d{1,10}\.\d{1,9}$/)

/** PostgreSQL takes neither NUL nor half a surrogate pair in a text. */
const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{fffd}')
const words = z.string().transform(storable)

const authorization = z.object({
  team_id: id.nullish(),
  user_id: id.nullish(),
  is_bot: z.boolean().nullish(),
})

const envelope = z.object({ type: name })
const challenge = z.object({ challenge: z.string().min(1).max(1000) })
const rateLimited = z.object({ team_id: id, minute_rate_limited: z.number(), api_app_id: id.nullish() })
const callback = z.object({
  event_id: id,
  team_id: id.nullish(),
  context_team_id: id.nullish(),
  api_app_id: id.nullish(),
  authorizations: z.array(authorization).nullish(),
  event: z.looseObject({ type: name }),
})
type Callback = z.infer<typeof callback>

const optionalText = z.string().min(1).transform(storable).optional().catch(undefined)
const file = z.object({
  id,
  mimetype: optionalText,
  size: z.int().nonnegative().optional().catch(undefined),
  url_private: optionalText,
  url_private_download: optionalText,
})
const message = z.object({
  user: id,
  channel: id,
  channel_type: z.string().nullish(),
  ts: timestamp,
  thread_ts: timestamp.nullish(),
  text: words.nullish(),
  files: z.array(file.optional().catch(undefined)).nullish(),
})
type Message = z.infer<typeof message>

const acceptedSubtypes: readonly unknown[] = [undefined, null, 'file_share', 'thread_broadcast']

/** The paths of the faults, never the values: those are people's words. */
function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new MalformedEvent(
    parsed.error.issues
      .map((issue) => issue.path.join('.') || 'the whole')
      .join(', ')
      .slice(0, 200),
  )
}

function decode(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
  } catch {
    throw new MalformedEvent('not JSON in UTF-8')
  }
}

/** Why an event cannot be a message of a person to us, whatever it says; `undefined` when it may be one. */
function whyNotAMessage(body: Callback, botUserIds: readonly string[]): string | undefined {
  const { event } = body
  if (event.type !== 'message' && event.type !== 'app_mention') return 'not a message'
  if (event['subtype'] === 'message_changed' || event['edited']) return 'an edit'
  if (event['subtype'] === 'message_deleted') return 'a deletion'
  if (event['hidden'] === true) return 'hidden'
  if (event['bot_id'] || !acceptedSubtypes.includes(event['subtype'])) return 'not written by a person'
  if (event['user'] === undefined || event['user'] === null || event['user'] === 'USLACKBOT')
    return 'not written by a person'
  if (botUserIds.some((botUserId) => botUserId === event['user'])) return 'our own message'
  return event['app_id'] && event['app_id'] === body.api_app_id ? 'our own message' : undefined
}

/** `<@U123>` or `<@U123|name>`. */
const mentions = /<@([\w.:-]{1,100})(?:\|[^>]{0,200})?>/g

/** The text without its mentions of the given users, and whether there were any. */
function withoutMentions(text: string, userIds: readonly string[]): { readonly text: string; readonly found: boolean } {
  const kept = text.replaceAll(mentions, (mention, userId: string) => (userIds.includes(userId) ? ' ' : mention))
  return { text: kept.replaceAll(/[^\S\n]+/g, ' ').trim(), found: kept !== text }
}

/** A file that is, or may turn out to be, a picture. */
function picturesIn(files: Message['files']): readonly PictureRef[] {
  return (files ?? []).flatMap((found) => {
    if (found === undefined || (found.mimetype !== undefined && !found.mimetype.startsWith('image/'))) return []
    const url = found.url_private_download ?? found.url_private
    return [
      {
        id: found.id,
        ...(url !== undefined && { url }),
        ...(found.mimetype !== undefined && { mimetype: found.mimetype }),
        ...(found.size !== undefined && { bytes: found.size }),
      },
    ]
  })
}

const isDirect = (found: Message) => found.channel.startsWith('D') || found.channel_type === 'im'

const sentAt = (ts: string) => new Date(Math.floor(Number(ts) * 1000)).toISOString()

/** In Slack Connect and Grid `team_id` may be another workspace than the one that the bot is installed in. */
function teamOf(body: Callback): string {
  const team = body.context_team_id ?? body.authorizations?.[0]?.team_id ?? body.team_id
  if (!team) throw new MalformedEvent('no team')
  return team
}

/** The message as we will answer it, or why it is not for us. Only its content decides, so that twin events decide alike. */
function addressedMessage(body: Callback, bot: string): InboundMessage | string {
  const botUserIds = (body.authorizations ?? []).flatMap((found) =>
    found.is_bot === true && found.user_id ? [found.user_id] : [],
  )
  const refusal = whyNotAMessage(body, botUserIds)
  if (refusal !== undefined) return refusal
  const found = read(message, body.event)
  const { text, found: mentioned } = withoutMentions(found.text ?? '', botUserIds)
  if (!mentioned && !isDirect(found)) return 'not addressed to us'
  const team = teamOf(body)
  return {
    bot,
    channel: 'slack',
    businessKey: slackBusinessKey(bot, team, found.channel, found.ts),
    authorId: found.user,
    address: { kind: 'slack-thread', team, channelId: found.channel, threadTs: found.thread_ts ?? found.ts },
    text,
    pictures: picturesIn(found.files),
    sentAt: sentAt(found.ts),
  }
}

function parseCallback(value: unknown, bot: string): InboundEvent {
  const body = read(callback, value)
  const transportKey = slackTransportKey(bot, body.event_id)
  const eventType = body.event.type
  const found = addressedMessage(body, bot)
  return typeof found === 'string'
    ? { kind: 'ignored', transportKey, eventType, reason: found }
    : { kind: 'message', transportKey, eventType, message: found }
}

/** `app_rate_limited` has no event id: it is one per workspace, app and minute. */
function parseRateLimited(value: unknown, bot: string): InboundEvent {
  const { team_id: team, minute_rate_limited: minute, api_app_id: app } = read(rateLimited, value)
  const transportKey = slackTransportKey(bot, ['app_rate_limited', team, app ?? '', minute].join(':'))
  return { kind: 'ignored', transportKey, eventType: 'app_rate_limited', reason: 'Slack is holding events back' }
}

/**
 * Reads a verified request of Slack's Events API in our words. A message is for us when it is a direct one or mentions the
 * bot's user, written by a person; everything else is `ignored` with a reason. Unknown fields and types are tolerated.
 * The text keeps Slack's escapes and loses the bot's mention.
 *
 * @see https://docs.slack.dev/apis/events-api/
 * @throws MalformedEvent when the body is no JSON object of a documented shape; it names fields, never their values.
 */
export function parseSlackEvent(rawBody: Uint8Array, bot: string): InboundEvent {
  const value = decode(rawBody)
  const { type } = read(envelope, value)
  if (type === 'url_verification') return { kind: 'challenge', challenge: read(challenge, value).challenge }
  if (type === 'event_callback') return parseCallback(value, bot)
  if (type === 'app_rate_limited') return parseRateLimited(value, bot)
  const digest = createHash('sha256').update(rawBody).digest('hex')
  return {
    kind: 'ignored',
    transportKey: slackTransportKey(bot, `${type}:${digest}`),
    eventType: type,
    reason: 'unknown type',
  }
}
