import { z } from 'zod'
import { pictureShape } from '../wire/pictures.ts'

const mediaRecord = z.object({ key: z.string(), name: z.string(), mimetype: z.string(), base64: z.string() })

/** Everything that can happen on the simulated X, as it is kept in the data folder. Authors are handles without the @. */
export const xRecordShape = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('POST /2/tweets'),
    id: z.string(),
    author: z.string(),
    text: z.string(),
    inReplyTo: z.string().optional(),
  }),
  z.object({
    method: z.literal('POST /2/dm_conversations/with/:participant_id/messages'),
    id: z.string(),
    from: z.string(),
    to: z.string(),
    text: z.string(),
  }),
  z.object({ method: z.literal('DELETE /2/tweets/:id'), id: z.string() }),
  z.object({
    method: z.literal('_sim/posts'),
    id: z.string(),
    author: z.string(),
    text: z.string(),
    inReplyTo: z.string().optional(),
    media: z.array(mediaRecord),
    mediaUrls: z.boolean(),
    negativeUuid: z.boolean(),
  }),
  z.object({
    method: z.literal('_sim/messages'),
    id: z.string(),
    from: z.string(),
    to: z.string(),
    text: z.string(),
    media: z.array(mediaRecord),
    negativeUuid: z.boolean(),
  }),
  z.object({ method: z.literal('_sim/media'), key: z.string(), gone: z.boolean() }),
  z.object({ method: z.literal('_sim/pictures'), picture: pictureShape }),
  z.object({ method: z.literal('_sim/reset') }),
])
export type XRecord = z.infer<typeof xRecordShape>
