import { z } from 'zod'
import type { InboundRequest } from '../../domain/inbound.ts'
import { decisions } from '../../domain/rollout/rollout.ts'
import { decidedIn, reasonBlock, reasonField, rolledBackIn } from './decision-blocks.ts'
import { blindQuestionOf, cannotTell } from './forms.ts'
import { read, type SlackBot, words } from './shapes.ts'

/** Two clicks on one button within this time are one, in seconds: nobody means to decide twice. */
const doubleClickSeconds = 10

/** The click on a button of ours, as far as every kind of button has it. */
export interface PeopleClick {
  readonly bot: SlackBot
  readonly team: string
  readonly userId: string
  readonly sentAt: string
  readonly channelId: string
  /** The post under which the button is. */
  readonly ts: string
  readonly threadTs: string | undefined
  readonly responseUrl: string | undefined
  readonly blockId: string
  readonly actionTs: string
  readonly value: string | undefined
  /** The whole payload, for what was written beside the button. */
  readonly payload: unknown
}

const stated = z.object({
  state: z
    .object({ values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.unknown() }))) })
    .nullish()
    .catch(undefined),
})
const longestReason = 1_000

/** What was written into the card's input; it is the person's words and goes nowhere but into the decision's row. */
function reasonIn(payload: unknown, evidenceId: string): string {
  const written = read(stated, payload).state?.values[reasonBlock(evidenceId)]?.[reasonField]?.value
  const parsed = words.safeParse(written ?? '')
  return parsed.success ? Array.from(parsed.data.trim()).slice(0, longestReason).join('') : ''
}

const said = (click: PeopleClick, action: string) => ({
  bot: click.bot.name,
  channel: 'slack' as const,
  businessKey: [
    click.bot.name,
    click.team,
    click.channelId,
    click.ts,
    action,
    click.userId,
    Math.floor(Number(click.actionTs) / doubleClickSeconds),
  ].join('.'),
  authorId: click.userId,
  address: {
    kind: 'slack-ephemeral' as const,
    team: click.team,
    channelId: click.channelId,
    userId: click.userId,
    ...(click.threadTs !== undefined && { threadTs: click.threadTs }),
    ...(click.responseUrl !== undefined && { responseUrl: click.responseUrl }),
  },
  sentAt: click.sentAt,
})

function blindLabel(click: PeopleClick, questionId: string): InboundRequest | string {
  const { value, bot } = click
  const isLabel = bot.labels.some(({ id }) => id === value)
  if (value === undefined || (value !== cannotTell && !isLabel)) return 'That is not one of my labels.'
  const label = { ...said(click, `blind:${questionId}:${value}`), questionId }
  return { kind: 'blind-label', label: { ...label, ...(value !== cannotTell && { label: value }) } }
}

/**
 * A click on an evidence card or under a blind question.
 * @returns a request, what is wrong with it as a text, or `undefined` when the button is another one.
 */
export function peopleClick(click: PeopleClick): InboundRequest | string | undefined {
  const questionId = blindQuestionOf(click.blockId)
  if (questionId !== undefined) return blindLabel(click, questionId)
  const version = rolledBackIn(click.blockId)
  if (version !== undefined)
    return { kind: 'order', order: { ...said(click, click.blockId), order: 'rollback', version, reason: '' } }
  const decided = decidedIn(click.blockId)
  if (decided === undefined) return undefined
  const decision = decisions.find((each) => each === click.value)
  if (decision === undefined) return 'That is nothing that can be decided.'
  const reason = reasonIn(click.payload, decided.evidenceId)
  const key = `${click.blockId}:${decision}`
  return { kind: 'decision', decision: { ...said(click, key), ...decided, decision, reason } }
}
