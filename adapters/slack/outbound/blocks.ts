import type { KnownBlock, PlainTextElement } from '@slack/web-api'
import type { Offer } from '../../../domain/channel.ts'
import { blockOf, cannotTell } from '../forms.ts'
import { slackText } from './reply-text.ts'

/** Block Kit's limits (slack.md §3.1). */
const longestSection = 3_000
const longestButton = 75
const mostButtons = 25
const mostOptions = 100

const plain = (text: string): PlainTextElement => ({
  type: 'plain_text',
  text: Array.from(text).slice(0, longestButton).join(''),
})

const menuOf = ({ prediction, prompt, labels }: Offer): KnownBlock => ({
  type: 'actions',
  block_id: blockOf('menu', prediction),
  elements: [
    {
      type: 'static_select',
      action_id: 'vote',
      placeholder: plain(prompt),
      options: labels.slice(0, mostOptions).map((label) => ({ text: plain(label.words), value: label.id })),
    },
  ],
})

const buttonsOf = ({ prediction, labels }: Offer): KnownBlock => ({
  type: 'actions',
  block_id: blockOf('buttons', prediction),
  elements: [
    ...labels.slice(0, mostButtons - 1).map((label) => ({ value: label.id, words: label.words })),
    { value: cannotTell, words: "Can't tell" },
  ].map(({ value, words }) => ({ type: 'button', action_id: `vote.${value}`, text: plain(words), value })),
})

/** A text with what people can do under it, or `undefined` for a text alone. The text itself goes along as the fallback. */
export function blocksOf(text: string, offers: readonly Offer[] = []): KnownBlock[] | undefined {
  if (offers.length === 0) return undefined
  const said = slackText(text).slice(0, longestSection)
  return [
    { type: 'section', text: { type: 'mrkdwn', text: said } },
    ...offers.slice(0, 10).map((offer) => (offer.kind === 'menu' ? menuOf(offer) : buttonsOf(offer))),
  ]
}
