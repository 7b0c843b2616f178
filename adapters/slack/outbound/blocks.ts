import type { Button, KnownBlock, PlainTextElement, StaticSelect } from '@slack/web-api'
import type { Offer } from '../../../domain/channel.ts'
import { blockOf, cannotTell } from '../forms.ts'
import { slackText } from './reply-text.ts'

/** Block Kit's limits (https://docs.slack.dev/reference/block-kit/blocks). */
const longestSection = 3_000
const longestButton = 75
const mostButtons = 25
const mostOptions = 100

const plain = (text: string): PlainTextElement => ({
  type: 'plain_text',
  text: Array.from(text).slice(0, longestButton).join(''),
})

const selectOf = (prompt: string, labels: Offer['labels']): StaticSelect => ({
  type: 'static_select',
  action_id: 'vote',
  placeholder: plain(prompt),
  options: labels.slice(0, mostOptions).map((label) => ({ text: plain(label.words), value: label.id })),
})

const menuOf = ({ prediction, prompt, labels }: Offer): KnownBlock => ({
  type: 'actions',
  block_id: blockOf('menu', prediction),
  elements: [selectOf(prompt, labels)],
})

const buttonOf = (value: string, words: string): Button => ({
  type: 'button',
  action_id: `vote.${value}`,
  text: plain(words),
  value,
})

/** A button per label; a menu where there are more labels than buttons fit. */
const buttonsOf = ({ kind, prediction, labels }: Offer): KnownBlock => ({
  type: 'actions',
  block_id: blockOf(kind, prediction),
  elements: [
    ...(labels.length < mostButtons
      ? labels.map(({ id, words }) => buttonOf(id, words))
      : [selectOf('What is right?', labels)]),
    buttonOf(cannotTell, "Can't tell"),
  ],
})

/** A file of Slack's own, which everybody sees who sees the post. */
const pictureOf = (id: string): KnownBlock => ({
  type: 'image',
  slack_file: { id },
  alt_text: 'the picture in question',
})

const sourceOf = (link: string): KnownBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: `<${slackText(link)}|Where it was asked>` }],
})

/**
 * A text with what it is about and what people can do under it, or `undefined` for a text alone. The text itself goes along as
 * the fallback.
 * @param about `link`: the address of the message that it came from; `fileId`: Slack's id of the picture.
 */
export function blocksOf(
  text: string,
  offers: readonly Offer[] = [],
  about: { readonly link?: string | undefined; readonly fileId?: string | undefined } = {},
): KnownBlock[] | undefined {
  const { link, fileId } = about
  if (offers.length === 0 && link === undefined && fileId === undefined) return undefined
  const said = slackText(text).slice(0, longestSection)
  return [
    { type: 'section', text: { type: 'mrkdwn', text: said } },
    ...(fileId === undefined ? [] : [pictureOf(fileId)]),
    ...(link === undefined ? [] : [sourceOf(link)]),
    ...offers.slice(0, 10).map((offer) => (offer.kind === 'menu' ? menuOf(offer) : buttonsOf(offer))),
  ]
}
