import { z } from 'zod'
import { pictureShape } from '../../wire/pictures.ts'
import { viewContentShape } from '../blocks/views.ts'

/** A file as it lies in the records. */
export const fileRecord = z.object({
  id: z.string(),
  name: z.string(),
  mimetype: z.string(),
  base64: z.string(),
  /** A smaller picture, for the thumbnails; without it the content itself serves. */
  thumb: z.string().optional(),
  /** `missing`: the bot may not read it. */
  scope: z.enum(['granted', 'missing']).default('granted'),
  /** A file of another workspace: the event tells its id only. */
  stub: z.boolean().default(false),
})
export type FileRecord = z.infer<typeof fileRecord>

const metadata = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
const blocks = z.array(z.record(z.string(), z.unknown()))

/** What a bot wrote, whichever way. `id` is its `ts`. */
const written = {
  id: z.string(),
  bot: z.string(),
  channel: z.string(),
  text: z.string(),
  threadTs: z.string().optional(),
  blocks: blocks.optional(),
}

const ofBots = [
  z.object({
    method: z.literal('chat.postMessage'),
    ...written,
    metadata: metadata.optional(),
    /** The value of `k` in the metadata's payload, for judges. */
    key: z.unknown().optional(),
  }),
  z.object({ method: z.literal('chat.postEphemeral'), ...written, user: z.string() }),
  /** The body of a command's acknowledgement; with `user` only that person sees it. */
  z.object({ method: z.literal('ack'), ...written, user: z.string().optional() }),
  z.object({
    method: z.literal('response_url'),
    ...written,
    user: z.string().optional(),
    hook: z.string(),
    action: z.enum(['post', 'replace', 'delete']),
  }),
  /** Without blocks it has none afterwards. */
  z.object({ method: z.literal('chat.update'), ...written, metadata: metadata.optional() }),
  z.object({ method: z.literal('chat.delete'), id: z.string(), bot: z.string(), channel: z.string() }),
  z.object({ method: z.literal('files.completeUploadExternal'), ...written, files: z.array(fileRecord) }),
  z.object({
    method: z.literal('reactions.add'),
    id: z.string(),
    bot: z.string(),
    channel: z.string(),
    name: z.string(),
  }),
  z.object({ method: z.literal('conversations.open'), bot: z.string(), user: z.string(), channel: z.string() }),
] as const

const viewWritten = { id: z.string(), bot: z.string(), hash: z.string(), view: viewContentShape }
const opened = { ...viewWritten, user: z.string(), previous: z.string().optional() }

const ofModals = [
  z.object({ method: z.literal('views.open'), ...opened, trigger: z.string() }),
  z.object({ method: z.literal('views.push'), ...opened, trigger: z.string() }),
  z.object({ method: z.literal('views.update'), ...viewWritten }),
  /** What the acknowledgement of a submission did to the modals: `close` one, `clear` all. */
  z.object({ method: z.literal('view_ack.close'), id: z.string(), bot: z.string(), all: z.boolean() }),
  z.object({ method: z.literal('view_ack.update'), ...viewWritten }),
  z.object({ method: z.literal('view_ack.push'), ...opened }),
] as const

const ofPeople = [
  z.object({
    method: z.literal('_sim/messages'),
    id: z.string(),
    bot: z.string().optional(),
    channel: z.string(),
    user: z.string(),
    text: z.string(),
    threadTs: z.string().optional(),
    files: z.array(fileRecord),
  }),
  z.object({ method: z.literal('_sim/edits'), id: z.string(), channel: z.string(), text: z.string() }),
  z.object({ method: z.literal('_sim/deletions'), id: z.string(), channel: z.string() }),
  /** A line that Slack itself shows: a typed command of `author`, or to `viewer` alone what went wrong. */
  z.object({
    method: z.literal('_sim/notices'),
    id: z.string(),
    channel: z.string(),
    text: z.string(),
    author: z.string().optional(),
    viewer: z.string().optional(),
  }),
  /** A command, a click, a shortcut or a submission: what the app may do because of it. */
  z.object({
    method: z.literal('_sim/interactions'),
    trigger: z.string(),
    bot: z.string(),
    user: z.string(),
    channel: z.string().optional(),
    hook: z
      .object({
        token: z.string(),
        /** The message that it replaces or deletes. */
        ts: z.string().optional(),
        threadTs: z.string().optional(),
      })
      .optional(),
  }),
  z.object({ method: z.literal('_sim/uploads'), user: z.string(), files: z.array(fileRecord) }),
  z.object({ method: z.literal('_sim/views'), id: z.string() }),
  z.object({ method: z.literal('_sim/expire') }),
] as const

const ofWorkspace = [
  z.object({ method: z.literal('_sim/files'), id: z.string(), gone: z.boolean() }),
  z.object({
    method: z.literal('_sim/channels'),
    channel: z.string(),
    archived: z.boolean(),
    members: z.array(z.string()),
    name: z.string().optional(),
    left: z.array(z.string()).default([]),
  }),
  z.object({ method: z.literal('_sim/dm'), bot: z.string(), user: z.string(), channel: z.string() }),
  z.object({
    method: z.literal('_sim/people'),
    user: z.string(),
    name: z.string().optional(),
    picture: z.string().optional(),
  }),
  z.object({
    method: z.literal('_sim/apps'),
    bot: z.string(),
    revoked: z.boolean(),
    missingScopes: z.array(z.string()),
  }),
  z.object({ method: z.literal('_sim/pictures'), picture: pictureShape }),
  z.object({ method: z.literal('_sim/reset') }),
] as const

/** Everything that can happen in the simulated workspace, as it is kept in the data folder. */
export const slackRecordShape = z.discriminatedUnion('method', [...ofBots, ...ofModals, ...ofPeople, ...ofWorkspace])
export type SlackRecord = z.infer<typeof slackRecordShape>
export type RecordOf<M extends SlackRecord['method']> = Extract<SlackRecord, { readonly method: M }>
