import { botIdOf } from './apps.ts'
import type { SlackApp } from './apps.ts'
import type { Conversation, Message, StoredFile } from './workspace.ts'
import { threadOf } from './workspace.ts'

type Json = Readonly<Record<string, unknown>>

const fileHost = 'https://files.slack.com'
const thumbSizes = [64, 80, 360, 480, 720, 960, 1024]

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '_')

/** A file as the Web API and events show it [/reference/objects/file-object]. */
export function fileObject(file: StoredFile, team: string): Json {
  const base = `${fileHost}/files-pri/${team}-${file.id}`
  const isPicture = file.mimetype.startsWith('image/')
  const thumbs = isPicture
    ? thumbSizes.map((size) => [
        `thumb_${size}`,
        `${fileHost}/files-tmb/${team}-${file.id}-${size}/${slug(file.name)}_${size}.png`,
      ])
    : []
  return {
    id: file.id,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    filetype: file.mimetype.split('/')[1] ?? '',
    user: file.user,
    size: file.content.length,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    file_access: 'visible',
    url_private: `${base}/${slug(file.name)}`,
    url_private_download: `${base}/download/${slug(file.name)}`,
    ...(Object.fromEntries(thumbs) as Json),
  }
}

/** A file in an event or a listing: of another workspace it is a stub that `files.info` must be asked about. */
export const fileInMessage = (file: StoredFile, team: string): Json =>
  file.stub
    ? { id: file.id, mode: 'file_access', file_access: 'check_file_info', created: 0, timestamp: 0 }
    : fileObject(file, team)

/** The author of a message: a person, or a bot with its app. */
export function authorOf(message: Message, apps: readonly SlackApp[]): Json {
  if (message.user !== undefined) return { user: message.user }
  const app = apps.find(({ bot }) => bot === message.bot)
  if (app === undefined) return {}
  return {
    user: app.botUserId,
    bot_id: botIdOf(app),
    app_id: app.appId,
    bot_profile: { id: botIdOf(app), app_id: app.appId, name: app.bot, deleted: false, team_id: app.team },
  }
}

/** What a message is besides its author and metadata. */
export const contentOf = (message: Message, team: string): Json => ({
  type: 'message',
  ts: message.ts,
  text: message.text,
  team,
  ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
  ...(message.blocks !== undefined && { blocks: message.blocks }),
  ...(message.editedTs !== undefined && { edited: { user: message.user ?? '', ts: message.editedTs } }),
  ...(message.files.length > 0 && {
    subtype: 'file_share',
    upload: false,
    files: message.files.map((file) => fileInMessage(file, team)),
  }),
})

/** A message of `conversations.replies` and `.history`; a metadata payload only when it was asked for. */
export function listedMessage(
  message: Message,
  context: {
    readonly apps: readonly SlackApp[]
    readonly team: string
    readonly conversation: Conversation
    readonly allMetadata: boolean
  },
): Json {
  const { metadata } = message
  const thread = message.threadTs === undefined ? threadOf(context.conversation, message.ts).slice(1) : []
  const last = thread.at(-1)
  return {
    ...authorOf(message, context.apps),
    ...contentOf(message, context.team),
    ...(last && { thread_ts: message.ts, reply_count: thread.length, latest_reply: last.ts }),
    ...(metadata && { metadata: context.allMetadata ? metadata : { event_type: metadata.event_type } }),
  }
}
