import { listedMessage } from '../state/present.ts'
import { microsOf, threadOf } from '../state/workspace.ts'
import type { Conversation, Message } from '../state/workspace.ts'
import { conversationFor, flag, SlackError, text } from './call.ts'
import type { Arguments, Call, WebMethod } from './call.ts'

const scopes: Readonly<Record<string, string>> = { D: 'im:history', G: 'groups:history' }
const historyScope = (args: Arguments) => scopes[(text(args, 'channel') ?? '').charAt(0)] ?? 'channels:history'

function limitOf(args: Arguments, standard: number): number {
  const limit = Number(text(args, 'limit') ?? standard)
  if (!Number.isInteger(limit) || limit < 0 || limit > 1000) throw new SlackError('invalid_limit')
  return limit === 0 ? standard : limit
}

const micros = (args: Arguments, name: string): number | undefined => {
  const value = text(args, name)
  return value === undefined ? undefined : microsOf(value)
}

function inRange(args: Arguments): (message: Message) => boolean {
  const oldest = micros(args, 'oldest') ?? 0
  const latest = micros(args, 'latest') ?? Infinity
  const inclusive = flag(args, 'inclusive')
  return ({ ts }) => {
    const at = microsOf(ts)
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
  }
}

const cursorTo = (message: Message) => Buffer.from(`next_ts:${message.ts}`).toString('base64')

function cursorOf(args: Arguments): string | undefined {
  const cursor = text(args, 'cursor')
  if (cursor === undefined) return undefined
  const [, ts] = /^next_ts:(\d+\.\d+)$/.exec(Buffer.from(cursor, 'base64').toString('latin1')) ?? []
  if (ts === undefined) throw new SlackError('invalid_cursor')
  return ts
}

/** One page of `all`, from the cursor on; the cursor names the first message of the next page. */
function page(
  call: Call,
  conversation: Conversation,
  list: { readonly all: readonly Message[]; readonly limit: number },
) {
  const { world, app, args } = call
  const cursor = cursorOf(args)
  const start = cursor === undefined ? 0 : list.all.findIndex(({ ts }) => ts === cursor)
  if (start < 0) throw new SlackError('invalid_cursor')
  const next = list.all[start + list.limit]
  const context = {
    apps: world.apps,
    team: app.team,
    conversation,
    allMetadata: flag(args, 'include_all_metadata'),
  }
  return {
    messages: list.all.slice(start, start + list.limit).map((message) => listedMessage(message, context)),
    has_more: next !== undefined,
    ...(next && { response_metadata: { next_cursor: cursorTo(next) } }),
  }
}

/** Oldest first, the root always on the first page. */
const replies: WebMethod = {
  scope: historyScope,
  answer: (call) => {
    const conversation = conversationFor(call)
    const asked = text(call.args, 'ts') ?? ''
    const found = conversation.messages.find(({ ts, viewer }) => ts === asked && viewer === undefined)
    if (found === undefined) throw new SlackError('thread_not_found')
    const [root, ...rest] = threadOf(conversation, found.threadTs ?? found.ts)
    const all = [...(root ? [root] : []), ...rest.filter(inRange(call.args))]
    return page(call, conversation, { all, limit: limitOf(call.args, 1000) })
  },
}

/** Newest first; replies in threads are not in a channel's history. */
const history: WebMethod = {
  scope: historyScope,
  answer: (call) => {
    const conversation = conversationFor(call)
    const seen = conversation.messages.filter(({ viewer }) => viewer === undefined)
    const topLevel = seen.filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts)
    const all = topLevel.filter(inRange(call.args)).toReversed()
    return page(call, conversation, { all, limit: limitOf(call.args, 100) })
  },
}

export const historyMethods: Readonly<Record<string, WebMethod>> = {
  'conversations.replies': replies,
  'conversations.history': history,
}
