import { changed } from './change.ts'
import type { Applier, Change } from './change.ts'
import { removeMessage, rewrite } from './edits.ts'
import type { FileRecord, RecordOf, SlackRecord } from './records.ts'
import { conversationOf, findMessage, microsOf, personOf } from './workspace.ts'
import type { Message, StoredFile, Workspace } from './workspace.ts'

type New = Pick<Message, 'ts' | 'channel' | 'text' | 'at'> &
  Partial<Pick<Message, 'bot' | 'user' | 'viewer' | 'threadTs' | 'files' | 'metadata' | 'blocks'>>

function addMessage(workspace: Workspace, what: New): readonly Change[] {
  const message: Message = {
    bot: undefined,
    user: undefined,
    viewer: undefined,
    threadTs: undefined,
    files: [],
    metadata: undefined,
    blocks: undefined,
    editedTs: undefined,
    reactions: [],
    ...what,
  }
  conversationOf(workspace, message.channel).messages.push(message)
  workspace.messages.push(message)
  workspace.newestMicros = Math.max(workspace.newestMicros, microsOf(message.ts))
  return changed(message)
}

/** Puts files into the workspace, as of `user`. */
export function storeFiles(workspace: Workspace, files: readonly FileRecord[], user: string): readonly StoredFile[] {
  return files.map(({ base64, thumb, scope, ...file }) => {
    const stored = {
      ...file,
      content: Buffer.from(base64, 'base64'),
      thumb: thumb === undefined ? undefined : Buffer.from(thumb, 'base64'),
      mayRead: scope === 'granted',
      user,
      gone: false,
    }
    workspace.files.set(file.id, stored)
    return stored
  })
}

function said(workspace: Workspace, record: RecordOf<'_sim/messages'>, at: string): readonly Change[] {
  const { id: ts, channel, user, text, threadTs } = record
  const conversation = conversationOf(workspace, channel)
  if (record.bot !== undefined) conversation.members.add(record.bot)
  conversation.people.add(personOf(workspace, user).id)
  const files = storeFiles(workspace, record.files, user)
  return addMessage(workspace, { ts, channel, at, user, text, threadTs, files })
}

type Written = Extract<SlackRecord, { readonly id: string; readonly bot: string; readonly text: string }>

function wrote(workspace: Workspace, record: Exclude<Written, RecordOf<'_sim/messages'>>, at: string) {
  const { id: ts, channel, bot, text, threadTs, blocks } = record
  const owner = workspace.apps.find((app) => app.bot === bot)?.botUserId ?? bot
  return addMessage(workspace, {
    ...{ ts, channel, at, bot, text, threadTs, blocks },
    viewer: 'user' in record ? record.user : undefined,
    metadata: 'metadata' in record ? record.metadata : undefined,
    files: 'files' in record ? storeFiles(workspace, record.files, owner) : [],
  })
}

function answered(workspace: Workspace, record: RecordOf<'response_url'>, at: string): readonly Change[] {
  const hook = workspace.hooks.get(record.hook)
  if (hook) hook.uses += 1
  if (record.action === 'post') return wrote(workspace, record, at)
  const message = findMessage(workspace, record.id, record.channel)
  if (message === undefined) return []
  return record.action === 'delete' ? removeMessage(workspace, message) : rewrite(message, record, at)
}

/** What is new in a channel. */
export const applyPosts: Applier = (workspace, record, { at }) => {
  switch (record.method) {
    case '_sim/messages':
      return said(workspace, record, at)
    case 'chat.postMessage':
    case 'chat.postEphemeral':
    case 'ack':
    case 'files.completeUploadExternal':
      return wrote(workspace, record, at)
    case 'response_url':
      return answered(workspace, record, at)
    case '_sim/notices': {
      const { id: ts, channel, text, author, viewer } = record
      const bot = author === undefined ? 'slackbot' : undefined
      return addMessage(workspace, { ts, channel, at, text, user: author, viewer, bot })
    }
    default:
      return undefined
  }
}
