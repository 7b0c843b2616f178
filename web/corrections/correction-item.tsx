import { AlertDialog, Button, Card, Flex, Grid, Text } from '@radix-ui/themes'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ListedCorrection } from '../../api/contract/corrections.ts'
import type { LabelWords } from '../../api/contract/values.ts'
import { CorrectionBadge } from '../conversations/badges.tsx'
import { correctionMeanings, wayWords } from '../conversations/correction-words.ts'
import { SeenInputView } from '../evidence/seen-input.tsx'
import { DoneNotice, ProblemNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { Time } from '../frame/time.tsx'
import { useRetrain } from '../operator/learning/queries.ts'
import { labelWords, percent } from '../words.ts'
import { mayTeach } from './correction-rules.ts'
import { DecideButtons } from './decide-buttons.tsx'

interface Props {
  readonly correction: ListedCorrection
  readonly labels: readonly LabelWords[]
}
interface ItemProps extends Props {
  /** The versions of its bot that serve or are on their way. */
  readonly serving: readonly number[]
}

const Votes = ({ correction: { votesList }, labels }: Props) =>
  votesList.length === 0 ? (
    <Text size="2" color="gray">
      No vote stands.
    </Text>
  ) : (
    <ul className="votes" aria-label="Votes">
      {votesList.map((vote) => (
        <Text as="div" size="2" asChild key={vote.personId}>
          <li>
            <strong>{vote.label === null ? 'Can’t tell' : labelWords(labels, vote.label)}</strong>, said by a{' '}
            {vote.reviewer ? 'reviewer' : 'person'} {wayWords(vote.via)}, <Time iso={vote.at} />
          </li>
        </Text>
      ))}
    </ul>
  )

function Learned({ correction: { bot, datasets } }: Props) {
  if (datasets.length === 0) return null
  const held = datasets.every(({ part }) => part === 'correction-holdout')
  const versions = [...new Set(datasets.flatMap((dataset) => dataset.versions))].toSorted((one, other) => one - other)
  return (
    <Text as="p" size="2" color="gray">
      {held ? 'Held out for life: it judges versions and is never learned from.' : 'It was learned from.'}
      {versions.length > 0 && ' In the dataset of '}
      {versions.map((version, index) => (
        <span key={version}>
          {index > 0 && ', '}
          <Link href={`/models/${bot}/${version}`}>version {version}</Link>
        </span>
      ))}
      {versions.length > 0 && '.'}
    </Text>
  )
}

const Answer = ({ correction, labels }: Props) => (
  <Text as="p" size="3">
    The bot said <strong>{correction.predicted === null ? 'nothing' : labelWords(labels, correction.predicted)}</strong>
    {correction.confidence !== null && ` (${percent(correction.confidence)})`}
    {correction.label !== null && (
      <>
        ; people say <strong>{labelWords(labels, correction.label)}</strong>
      </>
    )}
    .
  </Text>
)

const meaning =
  'It trains on the accepted corrections, except for about one in seven that is held out for life to judge versions: this may be one of those. The new version goes through every stage with thresholds for a demonstration, in about two minutes. The card says so. A person still decides.'

/** A demonstration: one accepted correction is enough for a retrain. Only for who may. */
function TeachButton({ bot }: { readonly bot: string }) {
  const retrain = useRetrain(bot)
  const [open, setOpen] = useState(false)
  if (!may(useSignedIn(), bot, 'reviewer')) return null
  const act = () => retrain.mutate({ demo: true }, { onSuccess: () => setOpen(false) })
  return (
    <Flex direction="column" gap="2" align="start">
      <AlertDialog.Root open={open} onOpenChange={setOpen}>
        <AlertDialog.Trigger>
          <Button size="1" variant="outline">
            Teach it now
          </Button>
        </AlertDialog.Trigger>
        <AlertDialog.Content maxWidth="480px">
          <AlertDialog.Title>Teach {bot} now?</AlertDialog.Title>
          <Flex direction="column" gap="4">
            <AlertDialog.Description size="2">{meaning}</AlertDialog.Description>
            {retrain.error && <ProblemNotice error={retrain.error} />}
            <Flex gap="3" justify="end">
              <AlertDialog.Cancel>
                <Button variant="soft" color="gray">
                  Cancel
                </Button>
              </AlertDialog.Cancel>
              <Button loading={retrain.isPending} onClick={act}>
                Teach it now
              </Button>
            </Flex>
          </Flex>
        </AlertDialog.Content>
      </AlertDialog.Root>
      {retrain.isSuccess && (
        <DoneNotice>
          It was asked for. If there is something new to learn, a retrain starts in a moment: follow it under{' '}
          <Link href={`/schedules?bot=${bot}`}>Schedules</Link>, then under <Link href="/rollouts">Rollouts</Link>.
        </DoneNotice>
      )}
    </Flex>
  )
}

/** One correction: what was sent, what was said, who voted how, and what may be done about it. */
export const CorrectionItem = ({ correction, labels, serving }: ItemProps) => (
  <Card size="2">
    <Grid columns={{ initial: '1', sm: '180px 1fr' }} gap="4" align="start">
      <SeenInputView input={correction.input} name="What the person sent" />
      <Flex direction="column" gap="3" minWidth="0">
        <Flex gap="3" align="center" wrap="wrap">
          <CorrectionBadge state={correction.state} />
          <Text size="2" color="gray">
            {correction.bot}, <Time iso={correction.openedAt} />,{' '}
            <Link href={`/conversations/${correction.messageId}`}>the conversation</Link>
          </Text>
        </Flex>
        <Answer correction={correction} labels={labels} />
        <Text as="p" size="2" color="gray">
          {correctionMeanings[correction.state]}
        </Text>
        <Votes correction={correction} labels={labels} />
        <Learned correction={correction} labels={labels} />
        <Flex gap="2" wrap="wrap" align="start">
          <DecideButtons correction={correction} labels={labels} />
          {mayTeach(correction, serving) && <TeachButton bot={correction.bot} />}
        </Flex>
      </Flex>
    </Grid>
  </Card>
)
