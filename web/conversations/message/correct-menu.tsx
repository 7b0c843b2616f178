import { Button, DropdownMenu } from '@radix-ui/themes'
import { useState } from 'react'
import type { LabelWords } from '../../../api/contract/values.ts'
import { Icon } from '../../frame/icons.tsx'
import { may, useSignedIn } from '../../frame/session.ts'
import { NewLabel } from './new-label.tsx'

/** Every label of the bot, "can't tell", and for reviewers a label of their own; the label that was told is marked, and choosing it confirms the answer. */
export function CorrectMenu({
  bot,
  labels,
  told,
  busy,
  choose,
}: {
  readonly bot: string
  readonly labels: readonly LabelWords[]
  readonly told: string | undefined
  readonly busy: boolean
  readonly choose: (label: string | null) => void
}) {
  const session = useSignedIn()
  const [adding, setAdding] = useState(false)
  if (!may(session, bot, 'viewer') || labels.length === 0) return null
  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger>
          <Button variant="soft" loading={busy}>
            <Icon name="pencil" size={15} /> Correct this answer
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content align="end">
          <DropdownMenu.Label>It should have been</DropdownMenu.Label>
          {labels.map((label) => (
            <DropdownMenu.Item key={label.id} onSelect={() => choose(label.id)}>
              {label.words}
              {label.id === told && ' (the answer is right)'}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator />
          <DropdownMenu.Item onSelect={() => choose(null)}>I can’t tell</DropdownMenu.Item>
          {may(session, bot, 'reviewer') && (
            <DropdownMenu.Item onSelect={() => setAdding(true)}>Another label …</DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      <NewLabel bot={bot} open={adding} close={() => setAdding(false)} choose={choose} />
    </>
  )
}
