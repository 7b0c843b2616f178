import { Flex, Heading, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { Correction, Vote } from '../../../api/contract/corrections.ts'
import type { Input } from '../../../api/contract/messages.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { DoneNotice, ProblemNotice } from '../../frame/notices.tsx'
import { Time } from '../../frame/time.tsx'
import { useCorrect } from '../../operator/queries.ts'
import { labelWords } from '../../words.ts'
import { CorrectionBadge } from '../badges.tsx'
import { CorrectMenu } from './correct-menu.tsx'
import { correctionMeanings, verdictWords, wayWords } from '../correction-words.ts'

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
