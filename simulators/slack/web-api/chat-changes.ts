import { change, remove } from '../delivery/tell.ts'
import { permalinkOf } from '../state/present.ts'
import { findMessage } from '../state/workspace.ts'
import type { Conversation, Message } from '../state/workspace.ts'
import { blocksOf, conversationFor, SlackError, text, writable } from './call.ts'
import type { Call, WebMethod } from './call.ts'
import { metadataOf, shown, wordsOf } from './chat.ts'

/** Longer texts are refused in an update, where `chat.postMessage` cuts them [/reference/methods/chat.update]. */
const longestUpdate = 4000

/** The message that everybody sees. @throws SlackError `message_not_found`; an ephemeral one cannot be found. */
function messageOf({ world, args }: Call, channel: Conversation, argument: string): Message {
  const message = findMessage(world.workspace, text(args, argument) ?? '', channel.id)
  if (message === undefined || message.viewer !== undefined) throw new SlackError('message_not_found')
  return message
}

const update: WebMethod = {
  scope: 'chat:write',
  answer: async (call) => {
    const { world, app, args } = call
    const channel = writable(call)
    const message = messageOf(call, channel, 'ts')
    if (message.bot !== app.bot) throw new SlackError('cant_update_message')
    const words = updated(call, message)
    const metadata = metadataOf(args) ?? message.metadata
    const record = { method: 'chat.update', id: message.ts, bot: app.bot, channel: channel.id } as const
    await change(world, message, { ...record, ...words, ...(metadata && { metadata }) })
    return { channel: channel.id, ts: message.ts, text: message.text, message: shown(call, message) }
  },
}

/** Text alone takes the blocks away; blocks alone leave the text; an empty list of blocks takes them away too. */
function updated({ args }: Call, message: Message) {
  if ((text(args, 'text') ?? '').length > longestUpdate) throw new SlackError('msg_too_long')
  if (args['blocks'] === undefined || args['blocks'] === '') return wordsOf(args)
  const blocks = blocksOf(args)
  return { text: text(args, 'text') ?? message.text, ...(blocks !== undefined && { blocks: [...blocks] }) }
}

const deleted: WebMethod = {
  scope: 'chat:write',
  answer: async (call) => {
    const { world, app } = call
    const channel = conversationFor(call)
    const message = messageOf(call, channel, 'ts')
    if (message.bot !== app.bot) throw new SlackError('cant_delete_message')
    await remove(world, message, { method: 'chat.delete', id: message.ts, bot: app.bot, channel: channel.id })
    return { channel: channel.id, ts: message.ts }
  },
}

const getPermalink: WebMethod = {
  answer: (call) => {
    const channel = conversationFor(call)
    return { channel: channel.id, permalink: permalinkOf(messageOf(call, channel, 'message_ts'), call.app.team) }
  },
}

const addReaction: WebMethod = {
  scope: 'reactions:write',
  answer: async (call) => {
    const { world, app, args } = call
    const channel = writable(call)
    const message = messageOf(call, channel, 'timestamp')
    const name = (text(args, 'name') ?? '').replaceAll(':', '')
    if (!/^[\w+'-]{1,100}$/.test(name)) throw new SlackError('invalid_name')
    if (message.reactions.some((one) => one.name === name && one.bot === app.bot))
      throw new SlackError('already_reacted')
    await world.ledger.record({ method: 'reactions.add', id: message.ts, bot: app.bot, channel: channel.id, name })
    return {}
  },
}

export const changeMethods: Readonly<Record<string, WebMethod>> = {
  'chat.update': update,
  'chat.delete': deleted,
  'chat.getPermalink': getPermalink,
  'reactions.add': addReaction,
}
