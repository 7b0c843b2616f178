import { Badge, Flex, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import { type MessageSummary, outcomeName } from '../../api/contract/messages.ts'
import { Icon } from '../frame/icons.tsx'
import { Time } from '../frame/time.tsx'
import { channelWords, duration, plural } from '../words.ts'
import { CorrectionBadge, OutcomeBadge, answerWords } from './badges.tsx'

/** What was asked: the person's words as they are (text, never markup), or that there were only pictures. */
const Asked = ({ message }: { readonly message: MessageSummary }) => (
  <Flex gap="2" align="center" minWidth="0">
    {message.pictures > 0 && (
      <Text color="gray" size="2" className="asked-pictures">
        <Icon name="picture" size={16} /> {plural(message.pictures, 'picture')}
      </Text>
    )}
    {message.text && (
      <Text size="2" truncate dir="auto">
        {message.text}
      </Text>
    )}
    {!message.text && message.pictures === 0 && (
      <Text size="2" color="gray">
        no text
      </Text>
    )}
  </Flex>
)

const Row = ({ message, bots }: { readonly message: MessageSummary; readonly bots: readonly BotState[] }) => {
  const labels = bots.find((bot) => bot.name === message.bot)?.labels ?? []
  return (
    <Link href={`/conversations/${message.id}`} className="row">
      <Text size="2" color="gray" className="row-time">
        <Time iso={message.receivedAt} />
      </Text>
      <Flex direction="column" className="row-bot">
        <Text size="2" weight="medium" truncate>
          {message.bot}
        </Text>
        <Text size="1" color="gray">
          {channelWords(message.channel)}
        </Text>
      </Flex>
      <Flex direction="column" gap="1" minWidth="0" className="row-said">
        <Asked message={message} />
        {message.answer && (
          <Text size="2" weight="medium" truncate>
            → {answerWords(message.answer, labels)}
          </Text>
        )}
      </Flex>
      <Flex gap="2" wrap="wrap" align="center" className="row-state">
        <OutcomeBadge outcome={outcomeName(message.outcome)} />
        {message.correction && <CorrectionBadge state={message.correction} />}
        {message.synthetic && <Badge color="gray">Load test</Badge>}
      </Flex>
      <Text size="2" color="gray" className="row-duration">
        {message.answerMs !== null && <span title="From the message to the answer">{duration(message.answerMs)}</span>}
      </Text>
    </Link>
  )
}

/** Conversations, the newest first, each a link to its page. */
export const MessageList = ({
  messages,
  bots,
}: {
  readonly messages: readonly MessageSummary[]
  readonly bots: readonly BotState[]
}) => (
  <ul className="plain rows" aria-label="Conversations">
    {messages.map((message) => (
      <li key={message.id}>
        <Row message={message} bots={bots} />
      </li>
    ))}
  </ul>
)
