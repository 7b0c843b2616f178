import { z } from 'zod'
import { MalformedEvent } from '../../domain/errors.ts'
import {
  businessKeyOf,
  type InboundEvent,
  type InboundRequest,
  type InboundVote,
  type VoteTarget,
} from '../../domain/inbound.ts'
import { slackTransportKey } from '../../domain/keys.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import { actionOf, cannotTell, correctForm, fileField, formContext, labelField } from './forms.ts'
import { peopleClick } from './parse-people-click.ts'
import { decodeJson, decodeText, files, id, name, picturesIn, read, type SlackBot, timestamp } from './shapes.ts'

const person = z.object({ id, team_id: id.nullish() })
const base = z.object({ type: name, user: person, team: z.object({ id }).nullish(), trigger_id: id.nullish() })

const clicked = z.object({
  container: z.looseObject({ thread_ts: timestamp.nullish() }).nullish(),
  channel: z.object({ id }).nullish(),
  message: z.object({ ts: timestamp, thread_ts: timestamp.nullish() }).nullish(),
  response_url: z.url().max(500).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string().max(255),
        block_id: z.string().max(255),
        action_ts: timestamp,
        value: z.string().max(2000).nullish(),
        selected_option: z.object({ value: z.string().max(150) }).nullish(),
      }),
    )
    .min(1),
})
const shortcut = z.object({
  callback_id: z.string().max(255),
  trigger_id: id,
  channel: z.object({ id }),
  message: z.object({ ts: timestamp }),
})
const field = z.looseObject({
  selected_option: z.object({ value: z.string().max(150) }).nullish(),
  files,
})
const submitted = z.object({
  view: z.object({
    id,
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3000).default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
  }),
})

interface Context {
  readonly bot: SlackBot
  readonly team: string
  readonly userId: string
  readonly sentAt: string
}

const isLabel = (bot: SlackBot, value: string | undefined) => bot.labels.some((label) => label.id === value)

/** What every request of a person has. */
const common = ({ bot, userId, sentAt }: Context) =>
  ({ bot: bot.name, channel: 'slack', authorId: userId, sentAt }) as const

function voteOf(
  context: Context,
  vote: Pick<InboundVote, 'businessKey' | 'target' | 'via' | 'address'> & { readonly value: string | undefined },
): InboundRequest | string {
  const { value, ...rest } = vote
  if (value === undefined || (value !== cannotTell && !isLabel(context.bot, value)))
    return 'That is not one of my labels.'
  return { kind: 'vote', vote: { ...common(context), ...rest, ...(value !== cannotTell && { label: value }) } }
}

type Clicked = z.infer<typeof clicked>

/** A button of an evidence card or under a blind question, or `undefined`. */
function clickOfPeople(found: Clicked, payload: unknown, context: Context): InboundRequest | string | undefined {
  const [action] = found.actions
  return (
    action &&
    peopleClick({
      ...context,
      channelId: found.channel?.id ?? '',
      ts: found.message?.ts ?? '',
      threadTs: found.message?.thread_ts ?? found.container?.thread_ts ?? undefined,
      responseUrl: found.response_url ?? undefined,
      blockId: action.block_id,
      actionTs: action.action_ts,
      value: action.selected_option?.value ?? action.value ?? undefined,
      payload,
    })
  )
}

/** A button or menu under an answer or a question. Two clicks with one `action_ts` are one. */
function click(value: unknown, context: Context): InboundRequest | string {
  const found = read(clicked, value)
  const ofPeople = clickOfPeople(found, value, context)
  if (ofPeople !== undefined) return ofPeople
  const [action] = found.actions
  const prediction = parsePredictionId(actionOf(action?.block_id ?? '') ?? '')
  if (action === undefined || prediction === undefined) return 'That button is not mine.'
  const channelId = found.channel?.id ?? ''
  const threadTs = found.message?.thread_ts ?? found.container?.thread_ts
  const businessKey = [
    context.bot.name,
    context.team,
    channelId,
    found.message?.ts ?? '',
    action.block_id,
    context.userId,
  ]
  return voteOf(context, {
    businessKey: [...businessKey, action.action_ts].join('.'),
    target: { kind: 'prediction', ...prediction },
    via: 'button',
    value: action.selected_option?.value ?? action.value ?? undefined,
    address: {
      kind: 'slack-ephemeral',
      team: context.team,
      channelId,
      userId: context.userId,
      ...(threadTs && { threadTs }),
      ...(found.response_url && { responseUrl: found.response_url }),
    },
  })
}

type Values = z.infer<typeof submitted>['view']['state']['values']
const fieldOf = (values: Values, wanted: string): z.infer<typeof field> | undefined =>
  Object.values(values).flatMap((block) => (block[wanted] ? [block[wanted]] : []))[0]

const formed = z.object({
  channelId: id,
  intent: z.enum(['ask', 'ask-all']).optional().catch(undefined),
  replyId: timestamp.optional(),
})

function submission(value: unknown, context: Context): InboundRequest | string {
  const { view } = read(submitted, value)
  const form = read(formed, formContext(view.private_metadata))
  const { bot, team, userId } = context
  const businessKey = [bot.name, team, view.id].join('.')
  const ephemeral = { kind: 'slack-ephemeral', team, channelId: form.channelId, userId } as const
  if (view.callback_id === 'correct') {
    const target: VoteTarget = { kind: 'reply', replyId: form.replyId ?? '', place: form.channelId }
    const label = fieldOf(view.state.values, labelField)?.selected_option?.value
    return voteOf(context, { businessKey, target, via: 'shortcut', value: label, address: ephemeral })
  }
  const pictures = picturesIn(fieldOf(view.state.values, fileField)?.files)
  if (pictures.length === 0) return 'Please choose a picture.'
  if (view.callback_id === 'match')
    return { kind: 'match', match: { ...common(context), businessKey, wish: 'join', pictures, address: ephemeral } }
  const address = { kind: 'slack-channel', team, channelId: form.channelId } as const
  const intent = form.intent ?? 'ask'
  return { kind: 'message', message: { ...common(context), businessKey, address, text: '', pictures, intent } }
}

/** "Correct this answer": a form with the labels, opened while the trigger lives. */
function correction(value: unknown, { bot, team, userId }: Context): InboundEvent {
  const found = read(shortcut, value)
  if (found.callback_id !== 'correct') return { kind: 'told', text: 'I do not know that shortcut.' }
  const context = JSON.stringify({ channelId: found.channel.id, replyId: found.message.ts })
  const otherwise = { kind: 'slack-ephemeral', team, channelId: found.channel.id, userId } as const
  return { kind: 'form', triggerId: found.trigger_id, form: { ...correctForm(bot, context), otherwise } }
}

const told = (text: string): InboundEvent => ({ kind: 'told', text })

/**
 * Reads a verified interaction: clicks, submitted forms and the message shortcut.
 * @see https://docs.slack.dev/interactivity/handling-user-interaction
 * @param options.now ISO 8601: most interactions carry no time of their own.
 * @throws MalformedEvent when the payload is not of a documented shape.
 */
export function parseSlackInteraction(
  rawBody: Uint8Array,
  bot: SlackBot,
  options: { readonly now: string },
): InboundEvent {
  const payload = new URLSearchParams(decodeText(rawBody)).get('payload')
  if (payload === null) throw new MalformedEvent('payload')
  const value = decodeJson(payload)
  const { type, user, team } = read(base, value)
  const context = { bot, team: team?.id ?? user.team_id ?? '', userId: user.id, sentAt: options.now }
  if (type === 'message_action' || type === 'shortcut') return correction(value, context)
  if (type !== 'block_actions' && type !== 'view_submission') return told('')
  const request = type === 'block_actions' ? click(value, context) : submission(value, context)
  if (typeof request === 'string') return told(request)
  const transportKey = slackTransportKey(bot.name, businessKeyOf(request))
  return { kind: 'request', transportKey, eventType: type, request }
}
