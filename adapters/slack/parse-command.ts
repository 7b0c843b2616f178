import { z } from 'zod'
import type { CommandName } from '../../domain/bot.ts'
import type {
  InboundEvent,
  InboundMessage,
  InboundOrder,
  InboundRequest,
  InboundVote,
  Subject,
  VoteTarget,
} from '../../domain/inbound.ts'
import { slackTransportKey } from '../../domain/keys.ts'
import { labelIn } from '../../domain/words/label-words.ts'
import { labelCommand } from './label-command.ts'
import { messageOfLink, typedLink } from './links.ts'
import { decodeText, id, read, type SlackBot, words } from './shapes.ts'

const command = z.object({
  team_id: id,
  channel_id: id,
  user_id: id,
  command: z.string().regex(/^\/[\w-]{1,32}$/),
  text: words.default(''),
  trigger_id: id,
  response_url: z.url().max(500).optional().catch(undefined),
})
type Command = z.infer<typeof command>

interface Context {
  readonly found: Command
  readonly bot: SlackBot
  readonly sentAt: string
}

const usage: Readonly<Record<CommandName, string>> = {
  predict:
    '/predict [picture link | message link]   what do you think of this picture? Without a link: your latest one here',
  'predict-rendezvous': '/predict-rendezvous [picture link | message link]   what does each live version say?',
  fix: '/fix [link of my answer | picture link] <label>   that was wrong; without a link: my latest answer to you here',
  labels: '/labels   what I know; /labels add <id> <words>   a label more, by a reviewer',
  train: '/train   learn from your corrections now, if there are enough; by a reviewer',
  versions: '/versions   which versions there are, and where they stand',
  rollback: '/rollback [version] [reason]   take a version back; by an approver',
  match: '/match   join with your profile picture and meet somebody; /match leave   take your profile away',
}

/** How the bot's commands are used, with its labels. */
const usageOf = (bot: SlackBot): string =>
  [...bot.commands.map((each) => usage[each]), `Labels: ${bot.labels.map((label) => label.id).join(', ')}`].join('\n')

const told = (text: string): InboundEvent => ({ kind: 'told', text })

const keyOf = ({ found, bot }: Context) => [bot.name, found.team_id, found.trigger_id].join('.')

const toAsker = ({ found }: Context) =>
  ({
    kind: 'slack-ephemeral',
    team: found.team_id,
    channelId: found.channel_id,
    userId: found.user_id,
    ...(found.response_url && { responseUrl: found.response_url }),
  }) as const

const base = (context: Context) =>
  ({
    bot: context.bot.name,
    channel: 'slack',
    businessKey: keyOf(context),
    authorId: context.found.user_id,
    sentAt: context.sentAt,
  }) as const

function subjectOf(argument: string, { found }: Context): Subject | undefined {
  if (argument === '') return { kind: 'latest-picture', channelId: found.channel_id, userId: found.user_id }
  const url = typedLink(argument)
  if (url === undefined) return undefined
  const message = messageOfLink(url)
  return message ? { kind: 'slack-message', ...message } : { kind: 'link', url }
}

function predict(context: Context, intent: 'ask' | 'ask-all'): InboundRequest | string {
  const { found } = context
  const subject = subjectOf(found.text.trim(), context)
  if (subject === undefined) return 'That is not a link that I can follow.'
  const message: InboundMessage = {
    ...base(context),
    address: {
      kind: 'slack-channel',
      team: found.team_id,
      channelId: found.channel_id,
      ...(found.response_url && { responseUrl: found.response_url }),
    },
    text: '',
    pictures: [],
    intent,
    subject,
    triggerId: found.trigger_id,
  }
  return { kind: 'message', message }
}

function targetOf(link: string | undefined, { found }: Context): VoteTarget | undefined {
  if (link === undefined) return { kind: 'latest', place: found.channel_id }
  const url = typedLink(link)
  if (url === undefined) return undefined
  const message = messageOfLink(url)
  return message
    ? { kind: 'reply', replyId: message.ts, place: message.channelId }
    : { kind: 'picture', subject: { kind: 'link', url } }
}

function fix(context: Context): InboundRequest | string {
  const { found, bot } = context
  const text = found.text.trim()
  const [, link, rest = ''] = /^(<?https?:\S+)\s*(.*)$/is.exec(text) ?? [undefined, undefined, text]
  if (rest.trim() === '') return 'Which label is right?'
  const label = labelIn(rest, bot.labels)
  if (label === undefined) return 'I do not know that label.'
  const target = targetOf(link, context)
  if (target === undefined) return 'That is not a link that I can follow.'
  const vote: InboundVote = { ...base(context), target, label, via: 'command', address: toAsker(context) }
  return { kind: 'vote', vote }
}

function match(context: Context): InboundRequest | string {
  const argument = context.found.text.trim().toLowerCase()
  if (argument !== '' && argument !== 'leave') return 'I did not understand that.'
  const wish = argument === 'leave' ? 'leave' : 'join'
  const { trigger_id: triggerId } = context.found
  return { kind: 'match', match: { ...base(context), wish, pictures: [], address: toAsker(context), triggerId } }
}

const longestReason = 1_000

/** `/rollback 7 it calls every cap a fedora`: version and reason may be left out. */
function order(context: Context, name: InboundOrder['order']): InboundRequest {
  const said = { ...base(context), address: toAsker(context), order: name }
  if (name !== 'rollback') return { kind: 'order', order: said }
  const [, version, reason = ''] = /^(?:v?(\d{1,9})(?!\S))?\s*(.*)$/is.exec(context.found.text.trim()) ?? []
  const why = Array.from(reason).slice(0, longestReason).join('')
  return { kind: 'order', order: { ...said, ...(version && { version: Number(version) }), reason: why } }
}

function labels(context: Context): InboundRequest | Extract<InboundEvent, { kind: 'told' }> | string {
  const meant = labelCommand(context.found.text, context.bot)
  if (typeof meant === 'string' || meant.kind === 'told') return meant
  return { kind: 'label-addition', addition: { ...base(context), address: toAsker(context), label: meant.label } }
}

/** A request that is stored, an event that is answered at once, or what is wrong with the command. */
function meaningOf(context: Context): InboundRequest | Extract<InboundEvent, { kind: 'told' }> | string {
  const { found, bot } = context
  const name = bot.commands.find((each) => found.command === `/${each}`)
  switch (name) {
    case 'predict':
      return predict(context, 'ask')
    case 'predict-rendezvous':
      return predict(context, 'ask-all')
    case 'fix':
      return fix(context)
    case 'match':
      return match(context)
    case 'train':
    case 'versions':
    case 'rollback':
      return order(context, name)
    case 'labels':
      return labels(context)
    default:
      return 'I do not know that command.'
  }
}

/**
 * Reads a verified slash command. What is wrongly used is `told` to the person in the acknowledgement, and nothing is stored.
 * There is no event id: `trigger_id` is unique per use.
 *
 * @see https://docs.slack.dev/interactivity/implementing-slash-commands
 * @param options.now ISO 8601: commands carry no time of their own.
 * @throws MalformedEvent when the body is no form of the documented shape.
 */
export function parseSlackCommand(rawBody: Uint8Array, bot: SlackBot, options: { readonly now: string }): InboundEvent {
  const form = Object.fromEntries(new URLSearchParams(decodeText(rawBody)))
  const context = { found: read(command, form), bot, sentAt: options.now }
  const request = meaningOf(context)
  if (typeof request === 'string') return told(`${request}\n${usageOf(bot)}`)
  if (request.kind === 'told') return request
  const eventType = context.found.command
  return { kind: 'request', transportKey: slackTransportKey(bot.name, context.found.trigger_id), eventType, request }
}
