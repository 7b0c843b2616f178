import { z } from 'zod'
import type { InboundMessage, InboundRequest } from '../../domain/inbound.ts'
import { slackBusinessKey } from '../../domain/keys.ts'
import { correctionIn } from './correction-in-reply.ts'
import { files, id, picturesIn, read, type SlackBot, timeOf, timestamp, words } from './shapes.ts'

/** An Events API callback as far as every kind of event has it. */
export interface Callback {
  readonly team: string
  readonly appId: string | undefined
  readonly botUserIds: readonly string[]
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string }
}

const message = z.object({
  user: id,
  channel: id,
  channel_type: z.string().nullish(),
  ts: timestamp,
  thread_ts: timestamp.nullish(),
  text: words.nullish(),
  files,
})
type Message = z.infer<typeof message>

const acceptedSubtypes: readonly unknown[] = [undefined, null, 'file_share', 'thread_broadcast', 'me_message']

/** Why an event cannot be a message of a person to us, whatever it says; `undefined` when it may be one. */
function whyNotAMessage({ event, botUserIds, appId }: Callback): string | undefined {
  if (event.type !== 'message' && event.type !== 'app_mention') return 'not a message'
  if (event['hidden'] === true) return 'hidden'
  if (event['bot_id'] || !acceptedSubtypes.includes(event['subtype'])) return 'not written by a person'
  if (event['user'] === undefined || event['user'] === null || event['user'] === 'USLACKBOT')
    return 'not written by a person'
  if (botUserIds.some((botUserId) => botUserId === event['user'])) return 'our own message'
  return event['app_id'] && event['app_id'] === appId ? 'our own message' : undefined
}

/** `<@U123>` or `<@U123|name>`. */
const mentions = /<@([\w.:-]{1,100})(?:\|[^>]{0,200})?>/g

/** The text without its mentions, of the given users or of everybody, and whether there were any. */
function withoutMentions(
  text: string,
  userIds?: readonly string[],
): { readonly text: string; readonly found: boolean } {
  const kept = text.replaceAll(mentions, (mention, userId: string) =>
    userIds?.includes(userId) === false ? mention : ' ',
  )
  return { text: kept.replaceAll(/[^\S\n]+/g, ' ').trim(), found: kept !== text }
}

const isDirect = (found: Message) => found.channel.startsWith('D') || found.channel_type === 'im'

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`)

/** Whether a text is a question with one of the phrases that the bot listens to. */
function isListenedTo(text: string, phrases: readonly string[]): boolean {
  if (phrases.length === 0) return false
  const phrase = `(?:${phrases.map((each) => escaped(each).replaceAll(/\s+/g, String.raw`\s+`)).join('|')})(?!\\p{L})`
  const starts = new RegExp(`^\\s*${phrase}`, 'iu').test(text)
  return starts || (text.includes('?') && new RegExp(`(?<!\\p{L})${phrase}`, 'iu').test(text))
}

/** The first link in Slack's own marks, `<https://…>` or `<https://…|words>`. */
const linkIn = (text: string): string | undefined => /<(https?:\/\/[^|>\s]{1,2000})(?:\|[^>]*)?>/.exec(text)?.[1]

/** Where the picture may be when the message has none: a link, or the thread that it is written in. */
function subjectOf(found: Message, text: string): Pick<InboundMessage, 'subject'> {
  const url = linkIn(text)
  if (url !== undefined) return { subject: { kind: 'link', url: url.replaceAll('&amp;', '&') } }
  if (!found.thread_ts || found.thread_ts === found.ts) return {}
  return { subject: { kind: 'slack-thread', channelId: found.channel, threadTs: found.thread_ts } }
}

function messageOf(
  found: Message,
  text: string,
  context: { readonly bot: SlackBot; readonly team: string },
): InboundMessage {
  const { bot, team } = context
  const pictures = picturesIn(found.files)
  return {
    bot: bot.name,
    channel: 'slack',
    businessKey: slackBusinessKey(bot.name, team, found.channel, found.ts),
    authorId: found.user,
    address: { kind: 'slack-thread', team, channelId: found.channel, threadTs: found.thread_ts ?? found.ts },
    text,
    pictures,
    sentAt: timeOf(found.ts),
    ...(pictures.length === 0 && subjectOf(found, text)),
  }
}

/**
 * The message as we will answer it, or why it is not for us. Only its content decides, so that twin events decide alike. In a
 * thread, "no, it is …" is a correction of the answer there.
 */
export function addressedMessage(callback: Callback, bot: SlackBot): InboundRequest | string {
  const refusal = whyNotAMessage(callback)
  if (refusal !== undefined) return refusal
  const found = read(message, callback.event)
  const { text, found: mentioned } = withoutMentions(found.text ?? '', callback.botUserIds)
  const { team } = callback
  const vote = correctionIn({ ...found, text, bot, team })
  if (vote !== undefined && (mentioned || isDirect(found) || found.thread_ts)) return { kind: 'vote', vote }
  // A question that mentions somebody else is theirs.
  const isOpen = text === withoutMentions(text).text && isListenedTo(text, bot.listensTo)
  if (!mentioned && !isDirect(found) && !isOpen) return 'not addressed to us'
  return { kind: 'message', message: messageOf(found, text, { bot, team }) }
}

const changed = z.object({
  channel: id,
  message: z.looseObject({ text: z.string().nullish(), files }),
  previous_message: z.looseObject({ text: z.string().nullish(), files }).nullish(),
})

/**
 * An edited message is read as if it had been written so, when its text or files differ: one that mentions us only now is
 * answered, one that was answered already keeps its business key and is not answered again. Unfurls and threads change nothing.
 */
export function editedMessage(callback: Callback, bot: SlackBot): InboundRequest | string {
  const { channel, message: now, previous_message: before } = read(changed, callback.event)
  const ids = (each: { readonly files?: z.infer<typeof files> }) => (each.files ?? []).map((found) => found?.id).join()
  if (before && now.text === before.text && ids(now) === ids(before)) return 'an edit that changes nothing'
  return addressedMessage({ ...callback, event: { ...now, type: 'message', channel } }, bot)
}

const deleted = z.object({ channel: id, deleted_ts: timestamp })

/** A person took a message back: what we kept of it goes too. */
export function deletedMessage({ event, team }: Callback, bot: SlackBot): InboundRequest {
  const { channel, deleted_ts: ts } = read(deleted, event)
  const of = slackBusinessKey(bot.name, team, channel, ts)
  return { kind: 'deletion', deletion: { bot: bot.name, channel: 'slack', businessKey: `${of}.deleted`, of } }
}
