import type { Label } from '../../domain/label.ts'
import { slackText } from './outbound/reply-text.ts'
import type { SlackBot } from './shapes.ts'

/** What Slack escapes in the words of a command. */
const escaped: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' }
const unescaped = (text: string) => text.replaceAll(/&(?:lt|gt|amp);/g, (found) => escaped[found] ?? found)

/** What the bot knows, for the person who asks. */
const labelList = ({ name, labels }: SlackBot): string =>
  slackText([`Labels of ${name}:`, ...labels.map(({ id, words }) => `• ${id}: ${words}`)].join('\n'))

/**
 * `/labels` lists them; `/labels add <id> <words>` adds one. Whether the person may, and whether it can be added, is asked
 * where people and labels are kept.
 * @returns the label to be added, what the person is told, or what is wrong with the command.
 */
export function labelCommand(
  text: string,
  bot: SlackBot,
): { readonly kind: 'add'; readonly label: Label } | { readonly kind: 'told'; readonly text: string } | string {
  const wish = text.trim()
  if (wish === '') return { kind: 'told', text: labelList(bot) }
  const [, id, words = ''] = /^add\s+(\S+)\s+(\S.*)$/is.exec(wish) ?? []
  if (id === undefined) return 'A label needs an id and words: /labels add design The design team'
  const label = { id, words: unescaped(words).replaceAll(/\s+/g, ' ') }
  return { kind: 'add', label }
}
