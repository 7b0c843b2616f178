import { z } from 'zod'
import { pictureShape } from '../wire/pictures.ts'

const fileRecord = z.object({
  id: z.string(),
  name: z.string(),
  mimetype: z.string(),
  base64: z.string(),
  /** A smaller picture, for the thumbnails; without it the content itself serves. */
  thumb: z.string().optional(),
  /** `missing`: the bot may not read it. */
  scope: z.enum(['granted', 'missing']),
  /** A file of another workspace: the event tells its id only. */
  stub: z.boolean(),
})

/** Everything that can happen in the simulated workspace, as it is kept in the data folder. */
export const slackRecordShape = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('chat.postMessage'),
    id: z.string(),
    bot: z.string(),
    channel: z.string(),
    text: z.string(),
    threadTs: z.string().optional(),
    metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
    /** The value of `k` in the metadata's payload, for judges. */
    key: z.unknown().optional(),
    blocks: z.unknown().optional(),
  }),
  z.object({
    method: z.literal('chat.update'),
    id: z.string(),
    bot: z.string(),
    channel: z.string(),
    text: z.string(),
  }),
  z.object({
    method: z.literal('_sim/messages'),
    id: z.string(),
    bot: z.string(),
    channel: z.string(),
    user: z.string(),
    text: z.string(),
    threadTs: z.string().optional(),
    files: z.array(fileRecord),
  }),
  z.object({ method: z.literal('_sim/files'), id: z.string(), gone: z.boolean() }),
  z.object({
    method: z.literal('_sim/channels'),
    channel: z.string(),
    archived: z.boolean(),
    members: z.array(z.string()),
  }),
  z.object({ method: z.literal('_sim/pictures'), picture: pictureShape }),
  z.object({ method: z.literal('_sim/reset') }),
])
export type SlackRecord = z.infer<typeof slackRecordShape>
