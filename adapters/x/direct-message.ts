import { z } from 'zod'
import type { InboundMessage, PictureRef } from '../../domain/inbound.ts'
import { xBusinessKey } from '../../domain/keys.ts'
import { madeAt, optionalWords, read, snowflake, words } from './shapes.ts'

const attachment = z
  .object({ media: z.object({ id_str: snowflake, media_url_https: optionalWords, type: z.string().nullish() }) })
  .nullish()
  .catch(undefined)
const event = z.object({
  type: z.string(),
  id: snowflake,
  created_timestamp: z.union([z.string(), z.number()]).nullish(),
  message_create: z.object({
    sender_id: snowflake,
    target: z.object({ recipient_id: snowflake.nullish() }).nullish(),
    message_data: z.object({ text: words.nullish(), attachment }),
  }),
})
const payload = z.object({ direct_message_events: z.tuple([z.looseObject({ type: z.string() })], z.unknown()) })

function picturesOf(found: z.infer<typeof attachment>): readonly PictureRef[] {
  if (!found || (found.media.type && found.media.type !== 'photo')) return []
  const { id_str: id, media_url_https: url } = found.media
  return [{ id, ...(url !== undefined && { url }) }]
}

/**
 * A direct message as a message to the bot, or why it is none.
 * @throws MalformedEvent when the payload holds no event of a direct message.
 */
export function directMessage(
  content: { readonly payload: unknown },
  options: { readonly bot: string; readonly accountId: string },
): InboundMessage | string {
  const { bot, accountId } = options
  const [first] = read(payload, content.payload).direct_message_events
  if (first.type !== 'message_create') return 'not a message'
  const { id, created_timestamp: created, message_create: found } = read(event, first)
  if (found.sender_id === accountId) return 'our own message'
  if (found.target?.recipient_id && found.target.recipient_id !== accountId) return 'not addressed to us'
  return {
    bot,
    channel: 'x',
    businessKey: xBusinessKey(bot, id),
    authorId: found.sender_id,
    address: { kind: 'x-direct', accountId, participantId: found.sender_id, messageId: id },
    text: (found.message_data.text ?? '').trim(),
    pictures: picturesOf(found.message_data.attachment),
    sentAt: madeAt(id, created),
  }
}
