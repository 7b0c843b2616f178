import { z } from 'zod'
import { parcelOfOwnPost, parcelOfUpdate } from '../events.ts'
import { authorOf, contentOf } from '../present.ts'
import { findMessage, nextTs } from '../workspace.ts'
import type { Conversation, Message } from '../workspace.ts'
import type { World } from '../world.ts'
import { conversationFor, object, SlackError, text, TooMany } from './call.ts'
import type { Arguments, Call, WebMethod } from './call.ts'

/** Longer texts are cut [/reference/methods/chat.postMessage]. */
const longestText = 40_000
const timestamp = /^\d{1,10}\.\d{6}$/

const metadataShape = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
})

function metadataOf(args: Arguments): z.infer<typeof metadataShape> | undefined {
  if (args['metadata'] === undefined || args['metadata'] === '') return undefined
  const parsed = metadataShape.safeParse(object(args, 'metadata'))
  if (!parsed.success) throw new SlackError('invalid_metadata_format')
  return parsed.data
}

function writable(call: Call): Conversation {
  const conversation = conversationFor(call)
  if (conversation.archived) throw new SlackError('is_archived')
  return conversation
}

function threadTsOf(args: Arguments): string | undefined {
  const ts = text(args, 'thread_ts')
  if (ts !== undefined && !timestamp.test(ts)) throw new SlackError('invalid_arguments')
  return ts
}

/** Tells every app in the conversation: the author's own too, which has to ignore it. */
function tellMembers(world: World, message: Message, parcelFor: typeof parcelOfOwnPost): void {
  const members = world.workspace.conversations.get(message.channel)?.members
  for (const app of world.apps)
    if (members?.has(app.bot)) void world.courier.deliver(parcelFor(message, app, world.apps))
}

function shown({ world, app }: Call, message: Message) {
  const { metadata } = message
  return { ...contentOf(message, app.team), ...authorOf(message, world.apps), ...(metadata && { metadata }) }
}

const postMessage: WebMethod = {
  scope: 'chat:write',
  answer: async (call) => {
    const { world, app, args } = call
    const { id: channel } = writable(call)
    const given = text(args, 'text')
    const blocks = args['blocks'] === undefined ? undefined : object(args, 'blocks')
    if (given === undefined && blocks === undefined) throw new SlackError('no_text')
    const threadTs = threadTsOf(args)
    const metadata = metadataOf(args)
    const seconds = world.limit.take(`${app.bot} ${channel}`, Date.now())
    if (seconds > 0) throw new TooMany(seconds)
    const key = metadata?.event_payload['k']
    const ts = nextTs(world.workspace)
    const written = world.ledger.record({
      method: 'chat.postMessage',
      id: ts,
      bot: app.bot,
      channel,
      text: (given ?? '').slice(0, longestText),
      ...(threadTs !== undefined && { threadTs }),
      ...(metadata && { metadata }),
      ...(key !== undefined && { key }),
      ...(blocks !== undefined && { blocks }),
    })
    await written
    const message = findMessage(world.workspace, ts, channel)
    // A reset of the simulator may have come between: then there is nothing to tell of any more.
    if (message === undefined) return { channel, ts }
    tellMembers(world, message, parcelOfOwnPost)
    return { channel, ts, message: shown(call, message) }
  },
}

const update: WebMethod = {
  scope: 'chat:write',
  answer: async (call) => {
    const { world, app, args } = call
    const { id: channel } = writable(call)
    const message = findMessage(world.workspace, text(args, 'ts') ?? '', channel)
    if (message === undefined) throw new SlackError('message_not_found')
    if (message.bot !== app.bot) throw new SlackError('cant_update_message')
    const given = text(args, 'text')
    if (given === undefined && args['blocks'] === undefined) throw new SlackError('no_text')
    const before = message.text
    const words = (given ?? '').slice(0, longestText)
    await world.ledger.record({ method: 'chat.update', id: message.ts, bot: app.bot, channel, text: words })
    tellMembers(world, message, (changed, to, apps) => parcelOfUpdate(changed, before, to, apps))
    return { channel, ts: message.ts, text: message.text, message: shown(call, message) }
  },
}

export const chatMethods: Readonly<Record<string, WebMethod>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
}
