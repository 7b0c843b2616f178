import { AlertDialog, Button, Checkbox, Flex, Text } from '@radix-ui/themes'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { BotState } from '../../api/contract/bots.ts'
import { Icon } from '../frame/icons.tsx'
import { ProblemNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { usePause, useResume } from '../operator/queries.ts'

interface Change {
  readonly isPending: boolean
  readonly error: Error | null
  readonly reset: () => void
}

/** Asks before it acts, stays open while it acts, and says what went wrong. */
function Confirmed({
  button,
  title,
  action,
  change,
  act,
  children,
}: {
  readonly button: ReactNode
  readonly title: string
  readonly action: string
  readonly change: Change
  readonly act: (done: () => void) => void
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const show = (wanted: boolean) => {
    change.reset()
    setOpen(wanted)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={show}>
      <AlertDialog.Trigger>{button}</AlertDialog.Trigger>
      <AlertDialog.Content maxWidth="460px">
        <AlertDialog.Title>{title}</AlertDialog.Title>
        <Flex direction="column" gap="4">
          {children}
          {change.error && <ProblemNotice error={change.error} />}
          <Flex gap="3" justify="end">
            <AlertDialog.Cancel>
              <Button variant="soft" color="gray">
                Cancel
              </Button>
            </AlertDialog.Cancel>
            <Button loading={change.isPending} onClick={() => act(() => setOpen(false))}>
              {action}
            </Button>
          </Flex>
        </Flex>
      </AlertDialog.Content>
    </AlertDialog.Root>
  )
}

/** Stops a bot from answering; what people write meanwhile is kept. Only for who may. */
export function PauseButton({ bot }: { readonly bot: BotState }) {
  const pause = usePause(bot.name)
  if (!may(useSignedIn(), bot.name, 'approver')) return null
  const button = (
    <Button size="2" variant="soft" color="gray" aria-label={`Pause ${bot.name}`}>
      <Icon name="pause" size={15} /> Pause
    </Button>
  )
  const act = (done: () => void) => pause.mutate(undefined, { onSuccess: done })
  return (
    <Confirmed button={button} title={`Pause ${bot.name}?`} action="Pause" change={pause} act={act}>
      <AlertDialog.Description size="2">
        It answers nobody until you resume it. New messages are kept; answers that are on their way still arrive.
      </AlertDialog.Description>
    </Confirmed>
  )
}

/** Lets a bot answer again. */
export function ResumeButton({ bot }: { readonly bot: BotState }) {
  const resume = useResume(bot.name)
  const [answerAll, setAnswerAll] = useState(false)
  if (!may(useSignedIn(), bot.name, 'approver')) return null
  const button = (
    <Button size="2" aria-label={`Resume ${bot.name}`}>
      <Icon name="play" size={15} /> Resume
    </Button>
  )
  const act = (done: () => void) => resume.mutate({ answerAll }, { onSuccess: done })
  return (
    <Confirmed button={button} title={`Resume ${bot.name}?`} action="Resume" change={resume} act={act}>
      <AlertDialog.Description size="2">
        It answers the messages that waited. Those that are too old to be worth an answer expire without one.
      </AlertDialog.Description>
      <Text as="label" size="2">
        <Flex gap="2">
          <Checkbox checked={answerAll} onCheckedChange={(checked) => setAnswerAll(checked === true)} />
          Answer the old ones too
        </Flex>
      </Text>
    </Confirmed>
  )
}
