import { Flex, Skeleton } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { Message } from '../../api/contract/messages.ts'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useBots, useMessage } from '../operator/queries.ts'
import { InputPanel } from './message/input-panel.tsx'
import { MessageFacts } from './message/message-facts.tsx'
import { ReplyPanel } from './message/reply-panel.tsx'
import { RetryButton } from './message/retry-button.tsx'

const waiting = (
  <Flex direction="column" gap="4">
    <Skeleton height="120px" />
    <Skeleton height="320px" />
  </Flex>
)

function Conversation({ message }: { readonly message: Message }) {
  const bots = useBots()
  const labels = bots.data?.find((bot) => bot.name === message.bot)?.labels ?? []
  return (
    <>
      <MessageFacts message={message} />
      {(message.outcome === null || message.outcome === 'failed') && <RetryButton message={message} />}
      {message.inputs.map((input) => (
        <InputPanel key={input.position} input={input} message={message} labels={labels} />
      ))}
      <ReplyPanel replies={message.replies} ended={message.outcome !== null} />
    </>
  )
}

/** One conversation from the question to the reply, and why the reply is what it is. */
export function ConversationPage({ id }: { readonly id: string }) {
  const message = useMessage(id)
  const back = (
    <Link href="/conversations" className="back">
      <Icon name="back" size={16} /> All conversations
    </Link>
  )
  return (
    <Page title={message.data ? `${message.data.bot}: one conversation` : 'One conversation'} actions={back}>
      <Loaded query={message} skeleton={waiting}>
        {(data) => <Conversation message={data} />}
      </Loaded>
    </Page>
  )
}
