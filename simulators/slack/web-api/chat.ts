import { z } from 'zod'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { publish } from '../delivery/tell.ts'
import { authorOf, contentOf } from '../state/present.ts'
import { nextTs } from '../state/workspace.ts'
import type { Message } from '../state/workspace.ts'
import type { Blocks } from '../blocks/check.ts'
import { blocksOf, object, refusal, SlackError, text, threadTsOf, TooMany, writable } from './call.ts'
import type { Arguments, Call, WebMethod } from './call.ts'
import { directChannelWith } from './conversations.ts'

/** Longer texts are cut [/reference/methods/chat.postMessage]. */
const longestText = 40_000

const metadataShape = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
})

/** The metadata of a message. @throws SlackError `invalid_metadata_format`. */
export function metadataOf(args: Arguments): z.infer<typeof metadataShape> | undefined {
  if (args['metadata'] === undefined || args['metadata'] === '') return undefined
  const parsed = metadataShape.safeParse(object(args, 'metadata'))
  if (!parsed.success) throw new SlackError('invalid_metadata_format')
  return parsed.data
}

/** What a message says: text, blocks or both. @throws SlackError `no_text`, `invalid_blocks`. */
export function wordsOf(args: Arguments) {
  const given = text(args, 'text')
  const blocks = blocksOf(args)
  if (given === undefined && blocks === undefined) throw new SlackError('no_text')
  return { text: (given ?? '').slice(0, longestText), ...(blocks !== undefined && { blocks: [...blocks] }) }
}

/** The message as a method that wrote it answers with it. */
export function shown({ world, app }: Call, message: Message) {
  const { metadata } = message
  return { ...contentOf(message, app.team), ...authorOf(message, world.apps), ...(metadata && { metadata }) }
}

function takeTurn({ world, app }: Call, channel: string): void {
  const seconds = world.limit.take(`${app.bot} ${channel}`, Date.now())
  if (seconds > 0) throw new TooMany(seconds)
}

/** A person's id in a channel's place names the direct messages with them [/reference/methods/chat.postMessage#channels]. */
async function addressed(call: Call): Promise<Call> {
  const user = text(call.args, 'channel') ?? ''
  if (!call.world.workspace.people.has(user)) return call
  const { channel } = await directChannelWith(call, user)
  return { ...call, args: { ...call.args, channel } }
}

const slackFile = z.object({ id: z.string() })
/** What Slack shows as a picture [/reference/block-kit/composition-objects/slack-file-object]. */
const shownTypes = ['image/png', 'image/jpeg', 'image/gif']

/** @throws SlackError `invalid_blocks` when a block shows a file that is none, or that the bot may not see. */
function checkPictures({ world }: Call, blocks: Blocks | undefined): void {
  for (const [at, { slack_file: shown }] of (blocks ?? []).entries()) {
    const id = slackFile.safeParse(shown).data?.id
    const file = id === undefined ? undefined : world.workspace.files.get(id)
    const isShown =
      file?.gone === false && file.mayRead && shownTypes.includes(file.mimetype || mimetypeOf(file.content, file.name))
    if (id !== undefined && !isShown)
      throw refusal('invalid_blocks', [`invalid slack file [json-pointer:/blocks/${at}/slack_file]`])
  }
}

const postMessage: WebMethod = {
  scope: 'chat:write',
  answer: async (asked) => {
    const call = await addressed(asked)
    const { world, app, args } = call
    const { id: channel } = writable(call)
    const words = wordsOf(args)
    checkPictures(call, words.blocks)
    const threadTs = threadTsOf(args)
    const metadata = metadataOf(args)
    takeTurn(call, channel)
    const key = metadata?.event_payload['k']
    const ts = nextTs(world.workspace)
    const message = await publish(world, {
      method: 'chat.postMessage',
      id: ts,
      bot: app.bot,
      channel,
      ...words,
      ...(threadTs !== undefined && { threadTs }),
      ...(metadata && { metadata }),
      ...(key !== undefined && { key }),
    })
    // A reset of the simulator may have come between: then there is nothing to show any more.
    return { channel, ts, ...(message && { message: shown(call, message) }) }
  },
}

const postEphemeral: WebMethod = {
  scope: 'chat:write',
  answer: async (call) => {
    const { world, app, args } = call
    const { id: channel, people } = writable(call)
    const user = text(args, 'user') ?? ''
    const words = wordsOf(args)
    const threadTs = threadTsOf(args)
    if (!people.has(user)) throw new SlackError('user_not_in_channel')
    takeTurn(call, channel)
    const ts = nextTs(world.workspace)
    await world.ledger.record({
      ...{ method: 'chat.postEphemeral', id: ts, bot: app.bot, channel, user },
      ...words,
      ...(threadTs !== undefined && { threadTs }),
    })
    return { message_ts: ts }
  },
}

export const chatMethods: Readonly<Record<string, WebMethod>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
}
