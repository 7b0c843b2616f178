import type { ActionsBlock, Button, ConfirmationDialog, KnownBlock } from '@slack/web-api'
import type { Card, CardPoint } from '../../../domain/channel.ts'
import type { DecisionKind } from '../../../domain/rollout/rollout.ts'
import { decideBlock, reasonBlock, reasonField, rollbackBlock } from '../decision-blocks.ts'
import { slackText } from './reply-text.ts'

/** Block Kit's limits (https://docs.slack.dev/reference/block-kit/blocks). */
const longestHeader = 150
const longestSection = 3_000
const longestConfirm = 300
const longestReason = 1_000

const cut = (text: string, longest: number): string => Array.from(text).slice(0, longest).join('')
const plain = (text: string) => ({ type: 'plain_text', text }) as const

/** The links of a point in Slack's notation; words and addresses are escaped. */
const linked = ({ links = [] }: CardPoint): string =>
  links.map(({ words, url }) => ` <${slackText(url)}|${slackText(words)}>`).join('')

function pointOf(point: CardPoint): KnownBlock {
  const links = linked(point)
  const said = `*${slackText(point.title)}*\n${slackText(point.text)}`
  return { type: 'section', text: { type: 'mrkdwn', text: `${cut(said, longestSection - links.length)}${links}` } }
}

const confirmOf = (text: string, confirm: string): ConfirmationDialog => ({
  title: plain('Are you sure?'),
  text: plain(cut(text, longestConfirm)),
  confirm: plain(confirm),
  deny: plain('No'),
})

const decisionButton = (decision: DecisionKind, words: string, looks: Partial<Button> = {}): Button => ({
  type: 'button',
  action_id: `decide.${decision}`,
  text: plain(words),
  value: decision,
  ...looks,
})

function decisionsOf(version: number, ask: NonNullable<Card['ask']>): readonly KnownBlock[] {
  const { evidenceId, promote, caution } = ask
  const sure = caution === undefined ? {} : { confirm: confirmOf(caution, 'Promote') }
  const actions: ActionsBlock = {
    type: 'actions',
    block_id: decideBlock(version, evidenceId),
    elements: [
      ...(promote ? [decisionButton('promote', 'Promote', { style: 'primary', ...sure })] : []),
      decisionButton('hold', 'Hold'),
      decisionButton('reject', 'Reject', { style: 'danger' }),
    ],
  }
  const reason: KnownBlock = {
    type: 'input',
    block_id: reasonBlock(evidenceId),
    optional: caution === undefined,
    label: plain(caution === undefined ? 'Your reason' : 'Your reason (a promotion past the evidence needs one)'),
    element: { type: 'plain_text_input', action_id: reasonField, max_length: longestReason },
  }
  return [reason, actions]
}

const rollbackOf = (version: number): ActionsBlock => ({
  type: 'actions',
  block_id: rollbackBlock(version),
  elements: [
    {
      type: 'button',
      action_id: 'rollback',
      text: plain('Roll back'),
      style: 'danger',
      value: 'rollback',
      confirm: confirmOf(`Version ${version} stops answering at once, and the one before comes back.`, 'Roll back'),
    },
  ],
})

/**
 * A card as blocks. Under it, what people can do: a reason and three buttons while it waits for a decision, a rollback after.
 * @param footer with the mention of whoever decided already in it.
 */
export const cardBlocks = ({ heading, points, version, ask, rollback }: Card, footer: string): KnownBlock[] => [
  { type: 'header', text: plain(cut(heading, longestHeader)) },
  ...points.slice(0, 12).map(pointOf),
  { type: 'context', elements: [{ type: 'mrkdwn', text: cut(footer, longestSection) }] },
  ...(ask === undefined ? [] : decisionsOf(version, ask)),
  ...(rollback ? [rollbackOf(version)] : []),
]
