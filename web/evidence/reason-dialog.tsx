import { AlertDialog, Button, Flex, Text, TextArea } from '@radix-ui/themes'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ProblemNotice } from '../frame/notices.tsx'

/** A change that is on its way, and what went wrong with it. */
export interface Pending {
  readonly isPending: boolean
  readonly error: Error | null
  readonly reset: () => void
}

export const ReasonField = ({
  name,
  value,
  change,
}: {
  readonly name: string
  readonly value: string
  readonly change: (value: string) => void
}) => (
  <Text as="label" size="2">
    <Flex direction="column" gap="1">
      <Text weight="medium">{name}</Text>
      <TextArea value={value} rows={2} maxLength={500} onChange={({ currentTarget }) => change(currentTarget.value)} />
    </Flex>
  </Text>
)

interface ReasonDialogProps {
  readonly trigger: ReactNode
  readonly title: string
  readonly words: string
  readonly action: string
  readonly reasonName?: string
  /** Whether it is asked for a reason: only where one is kept. */
  readonly withReason?: boolean
  readonly blocked?: boolean
  readonly change: Pending
  readonly act: (reason: string, done: () => void) => void
  readonly children?: ReactNode
}

const CancelButton = () => (
  <AlertDialog.Cancel>
    <Button variant="soft" color="gray">
      Cancel
    </Button>
  </AlertDialog.Cancel>
)

/** Asks for a reason, where one is kept, before it acts; stays open while it acts, and says what went wrong. */
export function ReasonDialog({ trigger, title, words, action, change, act, children, ...rest }: ReasonDialogProps) {
  const { reasonName = 'Reason', withReason = true, blocked = false } = rest
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const show = (wanted: boolean) => {
    change.reset()
    setReason('')
    setOpen(wanted)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={show}>
      <AlertDialog.Trigger>{trigger}</AlertDialog.Trigger>
      <AlertDialog.Content maxWidth="480px">
        <AlertDialog.Title>{title}</AlertDialog.Title>
        <Flex direction="column" gap="4">
          <AlertDialog.Description size="2">{words}</AlertDialog.Description>
          {children}
          {withReason && <ReasonField name={reasonName} value={reason} change={setReason} />}
          {change.error && <ProblemNotice error={change.error} />}
          <Flex gap="3" justify="end">
            <CancelButton />
            <Button
              loading={change.isPending}
              disabled={blocked || (withReason && reason.trim() === '')}
              onClick={() => act(reason.trim(), () => show(false))}
            >
              {action}
            </Button>
          </Flex>
        </Flex>
      </AlertDialog.Content>
    </AlertDialog.Root>
  )
}
