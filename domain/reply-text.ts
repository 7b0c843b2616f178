import type { Bot, BotWords, ChannelName } from './bot.ts'
import type { RefusalCode } from './refusals.ts'
import type { Choice } from './rendezvous.ts'

/** What a reply is made of; the same shape as the answer that the workflow hands over. */
export type Say =
  | { readonly kind: 'choice'; readonly choice: Pick<Choice, 'label' | 'confidence' | 'known'> }
  | { readonly kind: 'refusal'; readonly refusal: RefusalCode }
  | { readonly kind: 'apology' }

/** Nobody is told 0 or 100 %: a model that has seen a few hundred pictures is never that sure. */
const percentOf = (confidence: number): number => Math.min(99, Math.max(1, Math.round(confidence * 100)))

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)

/** A short token of the request, so that two people who get the same answer do not get the same text. */
const shortRef = (messageId: string): string => messageId.replaceAll('-', '').slice(0, 8)

function templateOf(say: Say, words: BotWords): string {
  switch (say.kind) {
    case 'choice':
      return say.choice.known ? words.answer : words.notKnown
    case 'refusal':
      return words.refusals[say.refusal]
    case 'apology':
      return words.apology
  }
}

/**
 * The words of a reply: the same for every attempt. On X a short reference ends it, because X refuses a text that the
 * account has posted before (x.md §3.5).
 */
export function replyText(
  say: Say,
  context: { readonly bot: Bot; readonly channel: ChannelName; readonly messageId: string },
): string {
  const { words, labels, name } = context.bot
  const template = templateOf(say, words)
  const choice = say.kind === 'choice' ? say.choice : undefined
  const text = fill(template, {
    bot: name,
    labels: labels.map((label) => label.words).join(', '),
    label: labels.find((label) => label.id === choice?.label)?.words ?? choice?.label ?? '',
    percent: choice ? `${percentOf(choice.confidence)}` : '',
  })
  return context.channel === 'x' ? `${text} · ${shortRef(context.messageId)}` : text
}
