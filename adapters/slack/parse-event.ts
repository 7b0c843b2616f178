import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MalformedEvent } from '../../domain/errors.ts'
import type { InboundEvent, InboundRequest } from '../../domain/inbound.ts'
import { slackTransportKey } from '../../domain/keys.ts'
import { addressedMessage, type Callback, deletedMessage, editedMessage } from './addressed-message.ts'
import { decodeJson, decodeText, id, name, read, type SlackBot } from './shapes.ts'

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
type Body = z.infer<typeof callback>

/** In Slack Connect and Grid `team_id` may be another workspace than the one that the bot is installed in. */
function teamOf(body: Body): string {
  const team = body.context_team_id ?? body.authorizations?.[0]?.team_id ?? body.team_id
  if (!team) throw new MalformedEvent('no team')
  return team
}

function requestIn(body: Body, bot: SlackBot): InboundRequest | string {
  const { event } = body
  if (event.type !== 'message' && event.type !== 'app_mention') return 'not a message'
  const found: Callback = {
    team: teamOf(body),
    appId: body.api_app_id ?? undefined,
    botUserIds: (body.authorizations ?? []).flatMap(({ is_bot: isBot, user_id: user }) =>
      isBot && user ? [user] : [],
    ),
    event,
  }
  if (event['subtype'] === 'message_changed') return editedMessage(found, bot)
  if (event['subtype'] === 'message_deleted') return deletedMessage(found, bot)
  return addressedMessage(found, bot)
}

function parseCallback(value: unknown, bot: SlackBot): InboundEvent {
  const body = read(callback, value)
  const transportKey = slackTransportKey(bot.name, body.event_id)
  const eventType = body.event.type
  const found = requestIn(body, bot)
  return typeof found === 'string'
    ? { kind: 'ignored', transportKey, eventType, reason: found }
    : { kind: 'request', transportKey, eventType, request: found }
}

/** `app_rate_limited` has no event id: it is one per workspace, app and minute. */
function parseRateLimited(value: unknown, bot: SlackBot): InboundEvent {
  const { team_id: team, minute_rate_limited: minute, api_app_id: app } = read(rateLimited, value)
  const transportKey = slackTransportKey(bot.name, ['app_rate_limited', team, app ?? '', minute].join(':'))
  return { kind: 'ignored', transportKey, eventType: 'app_rate_limited', reason: 'Slack is holding events back' }
}

/**
 * Reads a verified request of Slack's Events API in our words. A message is for us when it is a direct one, mentions the
 * bot's user or asks what the bot listens to, written by a person; everything else is `ignored` with a reason. Unknown fields
 * and types are tolerated. The text keeps Slack's escapes and loses the bot's mention.
 *
 * @see https://docs.slack.dev/apis/events-api/
 * @throws MalformedEvent when the body is no JSON object of a documented shape; it names fields, never their values.
 */
export function parseSlackEvent(rawBody: Uint8Array, bot: SlackBot): InboundEvent {
  const value = decodeJson(decodeText(rawBody))
  const { type } = read(envelope, value)
  if (type === 'url_verification') return { kind: 'challenge', challenge: read(challenge, value).challenge }
  if (type === 'event_callback') return parseCallback(value, bot)
  if (type === 'app_rate_limited') return parseRateLimited(value, bot)
  const digest = createHash('sha256').update(rawBody).digest('hex')
  return {
    kind: 'ignored',
    transportKey: slackTransportKey(bot.name, `${type}:${digest}`),
    eventType: type,
    reason: 'unknown type',
  }
}
