import { botIdOf } from '../apps.ts'
import type { SlackApp } from '../apps.ts'
import type { Conversation, Message, StoredFile, Workspace } from './workspace.ts'
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

/** Where a file has been shared, as `files.info` tells it. */
export function sharesOf(workspace: Workspace, fileId: string): Json {
  const shared = workspace.messages.filter(({ files }) => files.some(({ id }) => id === fileId))
  const byChannel: Record<string, Json[]> = {}
  for (const { channel, ts, threadTs } of shared)
    (byChannel[channel] ??= []).push({ ts, ...(threadTs !== undefined && { thread_ts: threadTs }) })
  const entries = Object.entries(byChannel)
  const openly = entries.filter(([channel]) => channel.startsWith('C'))
  const privately = entries.filter(([channel]) => !channel.startsWith('C'))
  return { shares: { public: Object.fromEntries(openly) as Json, private: Object.fromEntries(privately) as Json } }
}

/** A file in an event or a listing: of another workspace it is a stub that `files.info` must be asked about. */
export const fileInMessage = (file: StoredFile, team: string): Json =>
  file.stub
    ? { id: file.id, mode: 'file_access', file_access: 'check_file_info', created: 0, timestamp: 0 }
    : fileObject(file, team)

/** Slack shows that a message was edited only where there are no blocks [/reference/methods/chat.update]. */
const editedBy = ({ editedTs, blocks }: Message, user: string): Json =>
  editedTs === undefined || blocks !== undefined ? {} : { edited: { user, ts: editedTs } }

/** The author of a message: a person, or a bot with its app; with the time of an edit. */
export function authorOf(message: Message, apps: readonly SlackApp[]): Json {
  if (message.user !== undefined) return { user: message.user, ...editedBy(message, message.user) }
  const app = apps.find(({ bot }) => bot === message.bot)
  if (app === undefined) return {}
  return {
    user: app.botUserId,
    ...editedBy(message, app.botUserId),
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
  ...(message.files.length > 0 && {
    subtype: 'file_share',
    upload: false,
    files: message.files.map((file) => fileInMessage(file, team)),
  }),
})

function reactionsOf({ reactions }: Message, apps: readonly SlackApp[]): readonly Json[] {
  const userOf = (bot: string) => apps.find((app) => app.bot === bot)?.botUserId ?? bot
  return [...new Set(reactions.map(({ name }) => name))].map((name) => {
    const users = reactions.filter((one) => one.name === name).map(({ bot }) => userOf(bot))
    return { name, users, count: users.length }
  })
}

/** The name of the workspace in its addresses. */
export const domainOf = (team: string): string => team.toLowerCase()

/** The address of a message, as "Copy link" gives it. */
export function permalinkOf({ channel, ts, threadTs }: Message, team: string): string {
  const base = `https://${domainOf(team)}.slack.com/archives/${channel}/p${ts.replace('.', '')}`
  return threadTs === undefined ? base : `${base}?thread_ts=${threadTs}&cid=${channel}`
}

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
    ...(message.reactions.length > 0 && { reactions: reactionsOf(message, context.apps) }),
    ...(metadata && { metadata: context.allMetadata ? metadata : { event_type: metadata.event_type } }),
  }
}
