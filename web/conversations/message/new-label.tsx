import { Button, Dialog, Flex, Text, TextField } from '@radix-ui/themes'
import { useState } from 'react'
import type { SyntheticEvent } from 'react'
import { ProblemNotice } from '../../frame/notices.tsx'
import { useAddLabel } from '../../operator/queries.ts'

interface FieldProps {
  readonly name: string
  readonly hint: string
  readonly value: string
  readonly change: (value: string) => void
}

const Field = ({ name, hint, value, change }: FieldProps) => (
  <Text as="label" size="2">
    <Flex direction="column" gap="1">
      <Text weight="medium">{name}</Text>
      <TextField.Root
        required
        value={value}
        placeholder={hint}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
    </Flex>
  </Text>
)

/** Gives the bot a label more, and then chooses it. Stays open while it acts, and says what is wrong with it. */
export function NewLabel({
  bot,
  open,
  close,
  choose,
}: {
  readonly bot: string
  readonly open: boolean
  readonly close: () => void
  readonly choose: (label: string) => void
}) {
  const [label, setLabel] = useState({ id: '', words: '' })
  const add = useAddLabel(bot)
  const leave = () => {
    add.reset()
    setLabel({ id: '', words: '' })
    close()
  }
  const send = (event: SyntheticEvent) => {
    event.preventDefault()
    add.mutate(label, {
      onSuccess: () => {
        choose(label.id.trim())
        leave()
      },
    })
  }
  return (
    <Dialog.Root open={open} onOpenChange={(wanted) => !wanted && leave()}>
      <Dialog.Content maxWidth="460px">
        <Dialog.Title>Another label for {bot}</Dialog.Title>
        <form onSubmit={send}>
          <Flex direction="column" gap="4">
            <Dialog.Description size="2">
              Everybody can choose it from now on. {bot} names it itself once a version has learned it.
            </Dialog.Description>
            <Field name="Id" hint="design" value={label.id} change={(id) => setLabel({ ...label, id })} />
            <Field
              name="Words"
              hint="the design team"
              value={label.words}
              change={(words) => setLabel({ ...label, words })}
            />
            {add.error && <ProblemNotice error={add.error} />}
            <Flex gap="3" justify="end">
              <Button type="button" variant="soft" color="gray" onClick={leave}>
                Cancel
              </Button>
              <Button type="submit" loading={add.isPending}>
                Add and choose
              </Button>
            </Flex>
          </Flex>
        </form>
      </Dialog.Content>
    </Dialog.Root>
  )
}
