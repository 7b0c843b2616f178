import { Badge, Card, Flex, Heading, Text } from '@radix-ui/themes'
import type { Reply } from '../../../api/contract/messages.ts'
import { Time } from '../../frame/time.tsx'
import { plural } from '../../words.ts'

const kinds: Readonly<Record<string, string>> = {
  choice: 'The answer',
  refusal: 'The refusal',
  apology: 'The apology',
  question: 'The question to people',
  receipt: 'The receipt for a vote',
  notice: 'A notice',
  prompt: 'A form',
}
const states: Readonly<Record<string, readonly [words: string, colour: 'green' | 'blue' | 'red' | 'amber']>> = {
  intended: ['about to be sent', 'blue'],
  sending: ['being sent', 'blue'],
  sent: ['sent', 'green'],
  undeliverable: ['cannot be delivered', 'red'],
  unconfirmed: ['perhaps sent', 'amber'],
}

const howOften = (reply: Reply): string =>
  [
    plural(reply.attempts, 'attempt'),
    // A first attempt had arrived although its answer was lost; it was found instead of posting twice.
    reply.adopted ? 'an earlier attempt was found and kept' : '',
    reply.failure ? `failure: ${reply.failure}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')

const OneReply = ({ reply }: { readonly reply: Reply }) => {
  const [words, colour] = states[reply.state] ?? [reply.state, 'amber']
  return (
    <Flex direction="column" gap="2" asChild>
      <li>
        <Flex gap="2" align="center" wrap="wrap">
          <Text weight="medium">{kinds[reply.kind] ?? reply.kind}</Text>
          <Badge color={colour}>{words}</Badge>
          <Text size="2" color="gray">
            <Time iso={reply.sentAt ?? reply.createdAt} />, {howOften(reply)}
          </Text>
        </Flex>
        <Text as="p" size="3" dir="auto" className="said quoted">
          {reply.text}
        </Text>
      </li>
    </Flex>
  )
}

/** Everything that was written back, word for word. */
export const ReplyPanel = ({ replies, ended }: { readonly replies: readonly Reply[]; readonly ended: boolean }) => (
  <Card size="3" asChild>
    <section aria-labelledby="replies">
      <Flex direction="column" gap="4">
        <Heading as="h2" size="5" id="replies">
          The reply
        </Heading>
        {replies.length === 0 ? (
          <Text size="2" color="gray">
            {ended ? 'Nothing was written back.' : 'Nothing was written back yet.'}
          </Text>
        ) : (
          <Flex direction="column" gap="5" asChild>
            <ul className="plain" aria-label="Replies">
              {replies.map((reply) => (
                <OneReply key={`${reply.kind} ${reply.createdAt} ${reply.text}`} reply={reply} />
              ))}
            </ul>
          </Flex>
        )}
      </Flex>
    </section>
  </Card>
)
