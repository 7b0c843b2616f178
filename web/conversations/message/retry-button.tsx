import { Button, Flex, Text } from '@radix-ui/themes'
import type { Message } from '../../../api/contract/messages.ts'
import { Icon } from '../../frame/icons.tsx'
import { DoneNotice, ProblemNotice } from '../../frame/notices.tsx'
import { may, useSignedIn } from '../../frame/session.ts'
import { useRetry } from '../../operator/queries.ts'

/** Gives a message that is open or failed its workflow again. Safe: a reply that was sent is not sent twice. */
export function RetryButton({ message }: { readonly message: Message }) {
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
