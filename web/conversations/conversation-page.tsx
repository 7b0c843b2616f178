import { Button, Flex, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { Message } from '../../api/contract/messages.ts'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { DoneNotice, ProblemNotice } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useBots, useMessage, useRetry } from '../operator/queries.ts'
import { InputPanel } from './message/input-panel.tsx'
import { MessageFacts } from './message/message-facts.tsx'
import { ReplyPanel } from './message/reply-panel.tsx'

const waiting = (
  <Flex direction="column" gap="4">
    <Skeleton height="120px" />
    <Skeleton height="320px" />
  </Flex>
)

/** Gives a message that is open or failed its workflow again. Safe: a reply that was sent is not sent twice. */
function RetryButton({ message }: { readonly message: Message }) {
  const retry = useRetry(message.id)
  if (!may(useSignedIn(), message.bot, 'approver')) return null
  return (
    <Flex direction="column" gap="3">
      <Flex gap="3" align="center" wrap="wrap">
        <Button variant="soft" loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
          <Icon name="again" size={16} /> Try again
        </Button>
        <Text size="2" color="gray">
          A reply that was already sent is never sent twice.
        </Text>
      </Flex>
      {retry.isSuccess && <DoneNotice>It was started again. This page shows the answer when it is there.</DoneNotice>}
      {retry.error && <ProblemNotice error={retry.error} />}
    </Flex>
  )
}

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
