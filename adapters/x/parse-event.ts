import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MalformedEvent } from '../../domain/errors.ts'
import type { InboundEvent, InboundRequest } from '../../domain/inbound.ts'
import { xTransportKey } from '../../domain/keys.ts'
import { directMessage } from './direct-message.ts'
import { postMessage } from './post.ts'
import { asCorrection, type XBot } from './correction-in-reply.ts'
import { read, token } from './shapes.ts'

const envelope = z.object({
  data: z.object({
    event_uuid: token.nullish(),
    event_type: token,
    filter: z.object({ user_id: token.nullish() }).nullish(),
    payload: z.unknown().optional(),
    includes: z.unknown().optional(),
  }),
})

/** The end of a replay that we asked for; it is no activity and has no envelope. */
const replayStatus = z.object({
  replay_job_status: z.object({ webhook_id: token, job_id: token, job_state: token }),
})

function decode(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
  } catch {
    throw new MalformedEvent('not JSON in UTF-8')
  }
}

type Activity = z.infer<typeof envelope>['data']

/** The message as we will answer it, or why it is not for us. Only its content decides, so that twin events decide alike. */
function addressedMessage(activity: Activity, bot: XBot): InboundRequest | string {
  const accountId = activity.filter?.user_id
  const type = activity.event_type
  if (!/^post(?:\.[a-z_]+)?\.create$/.test(type) && type !== 'dm.received' && type !== 'dm.sent') return 'not a message'
  if (!accountId) throw new MalformedEvent('data.filter.user_id')
  const content = { payload: activity.payload, includes: activity.includes }
  const options = { bot: bot.name, accountId }
  const message = type.startsWith('dm.') ? directMessage(content, options) : postMessage(content, options)
  return typeof message === 'string' ? message : asCorrection(message, bot)
}

/**
 * Reads a verified request of X's Activity API in our words. A post is for us when another person wrote it, it is no repost,
 * and it mentions the bot's account; a direct message when another person sent it. Everything else is `ignored` with a reason:
 * own events, encrypted chats (`chat.*`), unknown types, the end of a replay.
 *
 * @see https://docs.x.com/x-api/activity/introduction
 * @throws MalformedEvent when the body is no JSON object of a documented shape; it names fields, never their values.
 */
export function parseXEvent(rawBody: Uint8Array, bot: XBot): InboundEvent {
  const value = decode(rawBody)
  const replay = replayStatus.safeParse(value)
  if (replay.success) {
    const { webhook_id: webhook, job_id: job, job_state: state } = replay.data.replay_job_status
    const eventType = 'replay_job_status'
    const transportKey = xTransportKey(bot.name, eventType, webhook, `${job}.${state}`)
    return { kind: 'ignored', transportKey, eventType, reason: `a replay ended: ${state}` }
  }
  const { data: activity } = read(envelope, value)
  const eventType = activity.event_type
  const uuid = activity.event_uuid ?? createHash('sha256').update(rawBody).digest('hex')
  const transportKey = xTransportKey(bot.name, eventType, activity.filter?.user_id ?? '', uuid)
  const found = addressedMessage(activity, bot)
  return typeof found === 'string'
    ? { kind: 'ignored', transportKey, eventType, reason: found }
    : { kind: 'request', transportKey, eventType, request: found }
}
