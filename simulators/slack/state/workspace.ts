import type { Picture } from '../../wire/pictures.ts'
import type { SlackApp } from '../apps.ts'
import type { Blocks } from '../blocks/check.ts'
import type { ViewContent } from '../blocks/views.ts'
import type { RecordOf } from './records.ts'

/** A file as it lies in the workspace. `mimetype` may be empty, as Slack's is before its malware scan. */
export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly mimetype: string
  readonly content: Buffer
  readonly thumb: Buffer | undefined
  readonly mayRead: boolean
  readonly stub: boolean
  /** The person, or the bot's user. */
  readonly user: string
  gone: boolean
}

/** One visible message. `bot` is the author's name when a bot wrote it, `user` when a person did; `slackbot` speaks for Slack. */
export interface Message {
  readonly ts: string
  readonly channel: string
  readonly at: string
  readonly bot: string | undefined
  readonly user: string | undefined
  /** The only person who sees it, when it is ephemeral. */
  readonly viewer: string | undefined
  readonly threadTs: string | undefined
  readonly files: readonly StoredFile[]
  metadata: RecordOf<'chat.postMessage'>['metadata']
  blocks: Blocks | undefined
  text: string
  editedTs: string | undefined
  reactions: readonly { readonly name: string; readonly bot: string }[]
}

export interface Conversation {
  readonly id: string
  name: string
  /** The bots in it, by name. */
  readonly members: Set<string>
  readonly people: Set<string>
  readonly messages: Message[]
  archived: boolean
}

export interface Person {
  readonly id: string
  name: string
  picture: Buffer | undefined
}

/** An open or closed modal. */
export interface View {
  readonly id: string
  readonly bot: string
  readonly user: string
  readonly root: string
  readonly previous: string | undefined
  content: ViewContent
  hash: string
  open: boolean
}

/** What a click or a command lets its app do once, within 3 s. */
interface Trigger {
  readonly bot: string
  readonly user: string
  expiresMs: number
  used: boolean
}

/** Where an app may answer a click or a command, 5 times within 30 minutes. */
export interface Hook {
  readonly bot: string
  readonly user: string
  readonly channel: string
  /** The message that it replaces or deletes. */
  ts: string | undefined
  readonly threadTs: string | undefined
  expiresMs: number
  uses: number
}

/** What is visible: the sum of all records. */
export interface Workspace {
  readonly apps: readonly SlackApp[]
  readonly conversations: Map<string, Conversation>
  readonly files: Map<string, StoredFile>
  readonly pictures: Map<string, Picture>
  readonly people: Map<string, Person>
  readonly views: Map<string, View>
  readonly triggers: Map<string, Trigger>
  readonly hooks: Map<string, Hook>
  /** What the apps lost, by bot. */
  readonly installations: Map<string, { readonly revoked: boolean; readonly missingScopes: readonly string[] }>
  /** Every message, in order. */
  readonly messages: Message[]
  /** The newest `ts`, in microseconds. */
  newestMicros: number
}

const standardChannels = { C0GENERAL: 'general', C0PICTURES: 'pictures', C0REVIEWS: 'help-reviews' }
const standardPeople = { U0ADA: 'Ada', U0BEN: 'Ben', U0CHLOE: 'Chloe', U0DMITRI: 'Dmitri' }

/** Channels with everybody in them, and people: what a new workspace has. */
export function furnish(workspace: Workspace): void {
  for (const [id, name] of Object.entries(standardPeople)) workspace.people.set(id, { id, name, picture: undefined })
  for (const [id, name] of Object.entries(standardChannels)) {
    const conversation = conversationOf(workspace, id)
    conversation.name = name
    for (const { bot } of workspace.apps) conversation.members.add(bot)
    for (const person of workspace.people.keys()) conversation.people.add(person)
  }
}

/** A workspace in which nothing has happened yet. */
export function newWorkspace(apps: readonly SlackApp[]): Workspace {
  const workspace: Workspace = {
    apps,
    conversations: new Map(),
    files: new Map(),
    pictures: new Map(),
    people: new Map(),
    views: new Map(),
    triggers: new Map(),
    hooks: new Map(),
    installations: new Map(),
    messages: [],
    newestMicros: 0,
  }
  furnish(workspace)
  return workspace
}

/** The next message's `ts`: seconds and microseconds, unique, and later than every one before. */
export function nextTs(workspace: Workspace): string {
  const micros = Math.max(Date.now() * 1000, workspace.newestMicros + 100)
  return `${Math.floor(micros / 1e6)}.${`${micros % 1e6}`.padStart(6, '0')}`
}

/** The time of a click, in the form of a `ts` and as unique, although no message is made of it. */
export function takeTs(workspace: Workspace): string {
  const ts = nextTs(workspace)
  workspace.newestMicros = microsOf(ts)
  return ts
}

export const microsOf = (ts: string): number => {
  const [seconds = '0', micros = '0'] = ts.split('.')
  return Number(seconds) * 1e6 + Number(micros.padEnd(6, '0').slice(0, 6))
}

/** The conversation of that id, made when there is none. */
export function conversationOf(workspace: Workspace, id: string): Conversation {
  const known = workspace.conversations.get(id)
  if (known) return known
  const name = id.toLowerCase()
  const made: Conversation = { id, name, members: new Set(), people: new Set(), messages: [], archived: false }
  workspace.conversations.set(id, made)
  return made
}

/** The person of that id, made when there is none. */
export function personOf(workspace: Workspace, id: string): Person {
  const known = workspace.people.get(id)
  if (known) return known
  const made: Person = { id, name: id.toLowerCase(), picture: undefined }
  workspace.people.set(id, made)
  return made
}

/** The message with this `ts`, in the channel when one is given; ephemeral ones too. */
export function findMessage(workspace: Workspace, ts: string, channel?: string): Message | undefined {
  const among = channel === undefined ? workspace.messages : (workspace.conversations.get(channel)?.messages ?? [])
  return among.findLast((message) => message.ts === ts)
}

/** The root and its replies, in order, as everybody sees them. */
export const threadOf = (conversation: Conversation, rootTs: string): readonly Message[] =>
  conversation.messages.filter(
    ({ ts, threadTs, viewer }) => viewer === undefined && (ts === rootTs || threadTs === rootTs),
  )
