import { Button, Flex, Select, Text } from '@radix-ui/themes'
import { useState } from 'react'
import type { ListedCorrection, ReviewRequest } from '../../api/contract/corrections.ts'
import type { LabelWords } from '../../api/contract/values.ts'
import { ReasonDialog } from '../evidence/reason-dialog.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useDecideCorrection } from '../operator/learning/queries.ts'
import { decisionsFor } from './correction-rules.ts'

const words: Readonly<Record<ReviewRequest['decision'], readonly [action: string, meaning: string]>> = {
  accept: ['Accept', 'The answer counts as this label, and the bot learns from it.'],
  reject: ['Reject', 'The correction is refused. The bot does not learn from it.'],
  quarantine: ['Quarantine', 'The correction stands, but the bot does not learn from it.'],
  revoke: ['Take back', 'The next dataset leaves it out. Versions that learned from it stay as they are.'],
}

const LabelChoice = ({
  labels,
  value,
  choose,
}: {
  readonly labels: readonly LabelWords[]
  readonly value: string
  readonly choose: (label: string) => void
}) => (
  <Text as="div" size="2">
    <Flex direction="column" gap="1">
      <Text weight="medium">It is</Text>
      <Select.Root value={value} onValueChange={choose}>
        <Select.Trigger aria-label="It is" placeholder="Choose a label" />
        <Select.Content position="popper">
          {labels.map((label) => (
            <Select.Item key={label.id} value={label.id}>
              {label.words}
            </Select.Item>
          ))}
        </Select.Content>
      </Select.Root>
    </Flex>
  </Text>
)

function DecideButton({
  correction,
  decision,
  labels,
}: {
  readonly correction: ListedCorrection
  readonly decision: ReviewRequest['decision']
  readonly labels: readonly LabelWords[]
}) {
  const decide = useDecideCorrection(correction.prediction)
  const leading = correction.label ?? correction.votesList.find(({ label }) => label !== null)?.label ?? ''
  const [label, setLabel] = useState(leading)
  const [action, meaning] = words[decision]
  const accepts = decision === 'accept'
  const trigger = (
    <Button size="1" variant={accepts ? 'solid' : 'soft'} {...(!accepts && { color: 'gray' as const })}>
      {action}
    </Button>
  )
  const act = (reason: string, done: () => void) =>
    decide.mutate({ decision, ...(accepts && { label }), ...(reason !== '' && { reason }) }, { onSuccess: done })
  return (
    <ReasonDialog
      trigger={trigger}
      title={`${action}?`}
      words={meaning}
      action={action}
      withReason={!accepts}
      blocked={accepts && label === ''}
      change={decide}
      act={act}
    >
      {accepts && <LabelChoice labels={labels} value={label} choose={setLabel} />}
    </ReasonDialog>
  )
}

/** What a reviewer may do with a correction as it stands. */
export function DecideButtons({
  correction,
  labels,
}: {
  readonly correction: ListedCorrection
  readonly labels: readonly LabelWords[]
}) {
  if (!may(useSignedIn(), correction.bot, 'reviewer')) return null
  return (
    <Flex gap="2" wrap="wrap" role="group" aria-label="Decide">
      {decisionsFor(correction).map((decision) => (
        <DecideButton key={decision} correction={correction} decision={decision} labels={labels} />
      ))}
    </Flex>
  )
}
