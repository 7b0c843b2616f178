import type { Stamp } from '../wire/ledger.ts'
import type { Picture } from '../wire/pictures.ts'
import type { SlackRecord } from './records.ts'

/** A file as it lies in the workspace. `mimetype` may be empty, as Slack's is before its malware scan. */
export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly mimetype: string
  readonly content: Buffer
  readonly thumb: Buffer | undefined
  readonly mayRead: boolean
  readonly stub: boolean
  readonly user: string
  gone: boolean
}

type Metadata = Extract<SlackRecord, { method: 'chat.postMessage' }>['metadata']

/** One visible message. `bot` is the author's name when a bot wrote it, `user` when a person did. */
export interface Message {
  readonly ts: string
  readonly channel: string
  readonly at: string
  readonly bot: string | undefined
  readonly user: string | undefined
  readonly threadTs: string | undefined
  readonly files: readonly StoredFile[]
  readonly metadata: Metadata
  readonly blocks: unknown
  text: string
  editedTs: string | undefined
}

export interface Conversation {
  readonly id: string
  readonly members: Set<string>
  readonly messages: Message[]
  archived: boolean
}

/** What is visible: the sum of all records. */
export interface Workspace {
  readonly conversations: Map<string, Conversation>
  readonly files: Map<string, StoredFile>
  readonly pictures: Map<string, Picture>
  readonly users: Set<string>
  /** Every message, in order. */
  readonly messages: Message[]
  /** The newest `ts`, in microseconds. */
  newestMicros: number
}

export const emptyWorkspace = (): Workspace => ({
  conversations: new Map(),
  files: new Map(),
  pictures: new Map(),
  users: new Set(),
  messages: [],
  newestMicros: 0,
})

/** The next message's `ts`: seconds and microseconds, unique, and later than every one before. */
export function nextTs(workspace: Workspace): string {
  const micros = Math.max(Date.now() * 1000, workspace.newestMicros + 100)
  return `${Math.floor(micros / 1e6)}.${`${micros % 1e6}`.padStart(6, '0')}`
}

export const microsOf = (ts: string): number => {
  const [seconds = '0', micros = '0'] = ts.split('.')
  return Number(seconds) * 1e6 + Number(micros.padEnd(6, '0').slice(0, 6))
}

function conversationOf(workspace: Workspace, id: string): Conversation {
  const known = workspace.conversations.get(id)
  if (known) return known
  const made: Conversation = { id, members: new Set(), messages: [], archived: false }
  workspace.conversations.set(id, made)
  return made
}

type Posted = Pick<Extract<SlackRecord, { method: '_sim/messages' }>, 'id' | 'channel' | 'text' | 'threadTs'>

function addMessage(
  workspace: Workspace,
  record: Posted,
  rest: Omit<Message, 'ts' | 'channel' | 'text' | 'threadTs' | 'editedTs'>,
) {
  const { id: ts, channel, text, threadTs } = record
  const message: Message = { ts, channel, text, threadTs, editedTs: undefined, ...rest }
  conversationOf(workspace, channel).messages.push(message)
  workspace.messages.push(message)
  workspace.newestMicros = Math.max(workspace.newestMicros, microsOf(ts))
}

function filesOf(record: Extract<SlackRecord, { method: '_sim/messages' }>): readonly StoredFile[] {
  return record.files.map((file) => ({
    id: file.id,
    name: file.name,
    mimetype: file.mimetype,
    content: Buffer.from(file.base64, 'base64'),
    thumb: file.thumb === undefined ? undefined : Buffer.from(file.thumb, 'base64'),
    mayRead: file.scope === 'granted',
    stub: file.stub,
    user: record.user,
    gone: false,
  }))
}

function clear(workspace: Workspace): void {
  workspace.conversations.clear()
  workspace.files.clear()
  workspace.pictures.clear()
  workspace.users.clear()
  workspace.messages.length = 0
}

/** Brings the workspace to where it is after the record. */
export function apply(workspace: Workspace, record: SlackRecord, stamp: Stamp): void {
  switch (record.method) {
    case 'chat.postMessage': {
      const { bot, metadata, blocks } = record
      addMessage(workspace, record, { at: stamp.at, bot, user: undefined, files: [], metadata, blocks })
      return
    }
    case '_sim/messages': {
      const files = filesOf(record)
      for (const file of files) workspace.files.set(file.id, file)
      workspace.users.add(record.user)
      conversationOf(workspace, record.channel).members.add(record.bot)
      const author = { bot: undefined, user: record.user }
      addMessage(workspace, record, { at: stamp.at, ...author, files, metadata: undefined, blocks: undefined })
      return
    }
    case 'chat.update': {
      const message = findMessage(workspace, record.id, record.channel)
      if (message === undefined) return
      message.text = record.text
      message.editedTs = `${Math.floor(Date.parse(stamp.at) / 1000)}.000000`
      return
    }
    case '_sim/files': {
      const file = workspace.files.get(record.id)
      if (file) file.gone = record.gone
      return
    }
    case '_sim/channels': {
      const conversation = conversationOf(workspace, record.channel)
      conversation.archived = record.archived
      for (const bot of record.members) conversation.members.add(bot)
      return
    }
    case '_sim/pictures':
      workspace.pictures.set(record.picture.path, record.picture)
      return
    case '_sim/reset':
      clear(workspace)
  }
}

/** The message with this `ts`, in the channel when one is given. */
export function findMessage(workspace: Workspace, ts: string, channel?: string): Message | undefined {
  const among = channel === undefined ? workspace.messages : (workspace.conversations.get(channel)?.messages ?? [])
  return among.findLast((message) => message.ts === ts)
}

/** The root and its replies, in order. */
export const threadOf = (conversation: Conversation, rootTs: string): readonly Message[] =>
  conversation.messages.filter((message) => message.ts === rootTs || message.threadTs === rootTs)
