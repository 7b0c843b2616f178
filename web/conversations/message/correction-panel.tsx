import { Button, DropdownMenu, Flex, Heading, Text } from '@radix-ui/themes'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Correction, Vote } from '../../../api/contract/corrections.ts'
import type { Input } from '../../../api/contract/messages.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { Icon } from '../../frame/icons.tsx'
import { DoneNotice, ProblemNotice } from '../../frame/notices.tsx'
import { may, useSignedIn } from '../../frame/session.ts'
import { Time } from '../../frame/time.tsx'
import { useCorrect } from '../../operator/queries.ts'
import { labelWords } from '../../words.ts'
import { CorrectionBadge } from '../badges.tsx'
import { correctionMeanings, verdictWords, wayWords } from '../correction-words.ts'
import { NewLabel } from './new-label.tsx'

const VoteLine = ({ vote, labels }: { readonly vote: Vote; readonly labels: readonly LabelWords[] }) => (
  <Text as="div" size="2" asChild>
    <li>
      <strong>{vote.label === null ? 'Can’t tell' : labelWords(labels, vote.label)}</strong>, said by a{' '}
      {vote.reviewer ? 'reviewer' : 'person'} {wayWords(vote.via)}, <Time iso={vote.at} />: {verdictWords(vote.verdict)}
    </li>
  </Text>
)

function Standing({
  correction,
  bot,
  labels,
}: {
  readonly correction: Correction
  readonly bot: string
  readonly labels: readonly LabelWords[]
}) {
  return (
    <Flex direction="column" gap="2">
      <Flex gap="2" align="center" wrap="wrap" role="status">
        <CorrectionBadge state={correction.state} />
        {correction.label !== null && <Text weight="medium">{labelWords(labels, correction.label)}</Text>}
        <Text size="2" color="gray">
          {correctionMeanings[correction.state]}
          {correction.decidedBy !== null &&
            ` Decided by ${correction.decidedBy === 'quorum' ? 'votes' : 'a reviewer'}.`}
        </Text>
      </Flex>
      {correction.state === 'accepted' && (
        <Text size="2">
          <Link href={`/corrections?bot=${bot}&state=accepted`}>What the bot makes of it, and “Teach it now”</Link>
        </Text>
      )}
      {correction.votes.length > 0 && (
        <ul className="votes" aria-label="Votes">
          {correction.votes.map((vote) => (
            <VoteLine key={`${vote.at} ${vote.person}`} vote={vote} labels={labels} />
          ))}
        </ul>
      )}
    </Flex>
  )
}

/** Every label of the bot, "can't tell", and for reviewers a label of their own; the label that was told is marked, and choosing it confirms the answer. */
function CorrectMenu({
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

/** What people say the answer should have been, and the menu to say it. */
export function CorrectionPanel({
  input,
  bot,
  labels,
}: {
  readonly input: Input
  readonly bot: string
  readonly labels: readonly LabelWords[]
}) {
  const correct = useCorrect(input.prediction)
  return (
    <Flex direction="column" gap="3">
      <Flex justify="between" align="center" gap="3" wrap="wrap">
        <Heading as="h3" size="3">
          What people say
        </Heading>
        <CorrectMenu
          bot={bot}
          labels={labels}
          told={input.choice?.label}
          busy={correct.isPending}
          choose={(label) => correct.mutate(label)}
        />
      </Flex>
      {correct.isSuccess && <DoneNotice>Your vote was noted. It is counted in a moment.</DoneNotice>}
      {correct.error && <ProblemNotice error={correct.error} />}
      {input.correction ? (
        <Standing correction={input.correction} bot={bot} labels={labels} />
      ) : (
        <Text size="2" color="gray">
          Nobody has said anything about this answer.
        </Text>
      )}
    </Flex>
  )
}
