import type { Choice } from '../rendezvous/score.ts'
import type { ChannelName } from '../label.ts'
import type { Bot } from '../bot.ts'
import type { Offer } from '../channel.ts'
import { predictionId } from '../prediction.ts'
import type { RefusalCode } from '../refusals.ts'
import { mostConfident } from '../rendezvous/rendezvous.ts'
import { fill, percentOf, wordsOf } from './words.ts'

/** The choice for one picture, or the text, of a message. */
export interface PlacedChoice {
  readonly position: number
  readonly choice: Choice
  /** Under the bot's threshold: the reply says so. */
  readonly unsure: boolean
}

/** A picture of several that could not be used. */
export interface PlacedRefusal {
  readonly position: number
  readonly refusal: RefusalCode
}

/** What a reply is made of; the same shape as the answer that the workflow hands over. */
export type Say =
  | {
      readonly kind: 'choices'
      readonly choices: readonly PlacedChoice[]
      readonly refused: readonly PlacedRefusal[]
      /** Every live version's answer is wanted. */
      readonly everyVersion: boolean
    }
  | { readonly kind: 'refusal'; readonly refusal: RefusalCode }
  | { readonly kind: 'apology' }

export interface ReplyContext {
  readonly bot: Bot
  readonly channel: ChannelName
  readonly messageId: string
  /** The names of the message's pictures, by position, as far as they have names. */
  readonly names: readonly (string | undefined)[]
}

/** A short token of the request, so that two people who get the same answer do not get the same text. */
const shortRef = (messageId: string): string => messageId.replaceAll('-', '').slice(0, 8)

type Said = Pick<Choice, 'label' | 'confidence' | 'known' | 'probabilities'>

/** The label that comes second, for bots whose words name it. */
const runnerUp = ({ probabilities, label }: Said): readonly [string, number] | undefined =>
  Object.entries(probabilities)
    .filter(([id]) => id !== label)
    .toSorted(([, one], [, other]) => other - one)[0]

function answerText(said: Said, bot: Bot, unsure = false): string {
  if (!said.known) return bot.words.notKnown
  const [second, share] = runnerUp(said) ?? ['', 0]
  const answer = fill(bot.words.answer, {
    label: wordsOf(bot, said.label),
    percent: percentOf(said.confidence),
    runnerUp: wordsOf(bot, second),
    runnerUpPercent: percentOf(share),
  })
  // The words go on after a full stop of their own.
  return unsure ? fill(bot.words.unsure, { answer: answer.replace(/\.$/, '') }) : answer
}

/** What every live version says, the highest confidence, the average, and who was late. */
function everyVersionText({ choice }: PlacedChoice, bot: Bot): string {
  const line = (said: { readonly label: string; readonly confidence: number; readonly known: boolean }) =>
    said.known ? `${wordsOf(bot, said.label)}, ${percentOf(said.confidence)} %` : bot.words.notKnown
  const top = mostConfident(choice)
  return fill(bot.words.everyVersion, {
    lines: choice.candidates
      .toSorted((one, other) => one.version - other.version)
      .map((each) => `${each.slot} v${each.version}: ${line(each)}`)
      .join('\n'),
    highest: top ? `${top.slot} v${top.version}: ${line(top)}` : '',
    average: line(choice),
    late: choice.late.join(', ') || '–',
  })
}

function choicesText(say: Extract<Say, { kind: 'choices' }>, context: ReplyContext): string {
  const { bot, names } = context
  const one = (placed: PlacedChoice) =>
    say.everyVersion ? everyVersionText(placed, bot) : answerText(placed.choice, bot, placed.unsure)
  const lines = [
    ...say.choices.map((placed) => ({ position: placed.position, text: one(placed) })),
    ...say.refused.map(({ position, refusal }) => ({ position, text: bot.words.refusals[refusal] })),
  ].toSorted((left, right) => left.position - right.position)
  const [only] = lines
  if (lines.length === 1 && only) return only.text
  return lines
    .map(({ position, text }) => fill(bot.words.named, { name: names[position] ?? `${position + 1}.`, answer: text }))
    .join('\n')
}

const commonValues = (bot: Bot) => ({ bot: bot.name, labels: bot.labels.map((label) => label.words).join(', ') })

function bareText(say: Say, context: ReplyContext): string {
  const { words } = context.bot
  switch (say.kind) {
    case 'choices':
      return choicesText(say, context)
    case 'refusal':
      return words.refusals[say.refusal]
    case 'apology':
      return words.apology
  }
}

/**
 * The words of a reply: the same for every attempt. On X a short reference ends it, because X refuses a text that the
 * account has posted before (403, once code 187).
 */
export function replyText(say: Say, context: ReplyContext): string {
  const text = fill(bareText(say, context), commonValues(context.bot))
  return context.channel === 'x' ? `${text} · ${shortRef(context.messageId)}` : text
}

/** A menu under each answer, so that whoever sees that it is wrong can say what is right. */
export function replyOffers(say: Say, context: Pick<ReplyContext, 'bot' | 'messageId'>): readonly Offer[] {
  if (say.kind !== 'choices') return []
  return say.choices.map(({ position }) => ({
    kind: 'menu',
    prediction: predictionId({ messageId: context.messageId, position }),
    prompt: context.bot.words.wrong,
    labels: context.bot.labels,
  }))
}
