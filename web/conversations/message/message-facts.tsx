import { Badge, Card, Code, DataList, Flex, Link as Anchor, Text } from '@radix-ui/themes'
import { type Message, outcomeName } from '../../../api/contract/messages.ts'
import { Icon } from '../../frame/icons.tsx'
import { Time } from '../../frame/time.tsx'
import { outcomeMeanings } from '../../plots/outcome-words.ts'
import { channelWords, duration, safeLink } from '../../words.ts'
import { OutcomeBadge } from '../badges.tsx'

const Outside = ({ url, children }: { readonly url: string | null; readonly children: string }) => {
  const link = safeLink(url)
  return (
    link && (
      <Anchor href={link} target="_blank" rel="noreferrer" size="2" className="outside">
        {children} <Icon name="outside" size={14} />
      </Anchor>
    )
  )
}

const Times = ({ message }: { readonly message: Message }) => (
  <DataList.Root size="2" className="facts" orientation={{ initial: 'vertical', xs: 'horizontal' }}>
    <DataList.Item>
      <DataList.Label>Sent</DataList.Label>
      <DataList.Value>
        <span>
          <Time iso={message.sentAt} /> in {channelWords(message.channel)}, received <Time iso={message.receivedAt} />
        </span>
      </DataList.Value>
    </DataList.Item>
    <DataList.Item>
      <DataList.Label>Answered in</DataList.Label>
      <DataList.Value>
        {message.answerMs === null ? (message.outcome === null ? 'not yet' : 'not at all') : duration(message.answerMs)}
      </DataList.Value>
    </DataList.Item>
    <DataList.Item>
      <DataList.Label>Workflow</DataList.Label>
      <DataList.Value>
        <Code variant="ghost" size="1" className="id">
          {message.workflowId}
        </Code>
      </DataList.Value>
    </DataList.Item>
  </DataList.Root>
)

/** What was asked, when, and how it ended. */
export const MessageFacts = ({ message }: { readonly message: Message }) => (
  <Card size="3">
    <Flex direction="column" gap="4">
      {message.text && (
        <Text as="p" size="4" dir="auto" className="said">
          {message.text}
        </Text>
      )}
      <Flex gap="3" align="center" wrap="wrap" role="status">
        <OutcomeBadge outcome={outcomeName(message.outcome)} />
        {message.synthetic && <Badge color="gray">Load test</Badge>}
        <Text size="2" color="gray">
          {outcomeMeanings[outcomeName(message.outcome)]}
          {message.outcomeReason && ` Reason: ${message.outcomeReason}.`}
        </Text>
      </Flex>
      <Times message={message} />
      <Flex gap="4" wrap="wrap">
        <Outside url={message.workflowUrl}>Workflow in the Temporal UI</Outside>
        <Outside url={message.address.link}>{`The conversation in ${channelWords(message.channel)}`}</Outside>
      </Flex>
    </Flex>
  </Card>
)
