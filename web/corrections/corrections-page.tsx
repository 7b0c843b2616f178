import { Card, Flex, Grid, Heading, Progress, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import type { ListedCorrection } from '../../api/contract/corrections.ts'
import type { BotLearning } from '../../api/contract/learning.ts'
import { correctionStates } from '../../domain/correction.ts'
import { correctionWords } from '../conversations/correction-words.ts'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { mostCorrections, useCorrections, useLearning } from '../operator/learning/queries.ts'
import { useBots } from '../operator/queries.ts'
import { plural } from '../words.ts'
import { CorrectionItem } from './correction-item.tsx'

const waiting = <Skeleton height="220px" />

/** What is said of the next retrain: the API's sentence, or that one runs. */
function nextWords({ status, wait }: BotLearning): string {
  if (status.running !== undefined) return `Retrain ${status.running} is running.`
  return wait ?? 'The next retrain starts in a moment.'
}

/** How far a bot is from its next retrain. */
function ProgressCard({ learning }: { readonly learning: BotLearning }) {
  const { bot, status } = learning
  const words = `${status.accepted} of ${plural(status.wanted, 'correction')}`
  const id = `learning-${bot}`
  return (
    <Card size="2" asChild>
      <article aria-labelledby={id}>
        <Flex direction="column" gap="2">
          <Flex justify="between" gap="3" align="baseline" wrap="wrap">
            <Heading as="h2" size="3" id={id}>
              {bot}
            </Heading>
            <Text size="2" weight="medium" className="figure">
              {words}
            </Text>
          </Flex>
          <Progress
            value={Math.min(status.accepted, status.wanted)}
            max={status.wanted}
            aria-label={`${bot}: ${words}`}
          />
          <Text size="2" color="gray" role="status">
            {nextWords(learning)}
          </Text>
          <Text size="2" color="gray">
            {plural(status.people, 'person', 'people')} taught it; {status.peopleWanted} are wanted.{' '}
            <Link href={`/schedules?bot=${bot}`}>Schedule and retrains</Link>
          </Text>
        </Flex>
      </article>
    </Card>
  )
}

function ProgressCards({ bot }: { readonly bot: string }) {
  const learning = useLearning()
  return (
    <Loaded query={learning} skeleton={<Skeleton height="110px" />}>
      {(bots) => (
        <Grid columns={{ initial: '1', sm: '2', md: '3' }} gap="4">
          {bots
            .filter((each) => bot === '' || each.bot === bot)
            .map((each) => (
              <ProgressCard key={each.bot} learning={each} />
            ))}
        </Grid>
      )}
    </Loaded>
  )
}

function List({
  corrections,
  bots,
  filtered,
}: {
  readonly corrections: readonly ListedCorrection[]
  readonly bots: readonly BotState[]
  readonly filtered: boolean
}) {
  if (corrections.length === 0)
    return filtered ? (
      <EmptyState title="No correction is like that">Choose less, or wait: new ones appear by themselves.</EmptyState>
    ) : (
      <EmptyState title="Nobody has corrected an answer yet">
        Type /fix under an answer in Slack, or open a conversation and choose “Correct this answer”.
      </EmptyState>
    )
  return (
    <Flex direction="column" gap="3">
      <Flex direction="column" gap="3" asChild>
        <ul className="plain" aria-label="Corrections">
          {corrections.map((correction) => {
            const bot = bots.find(({ name }) => name === correction.bot)
            const serving = bot?.versions.map(({ version }) => version) ?? []
            return (
              <li key={correction.prediction}>
                <CorrectionItem correction={correction} labels={bot?.labels ?? []} serving={serving} />
              </li>
            )
          })}
        </ul>
      </Flex>
      {corrections.length >= mostCorrections && (
        <Text size="2" color="gray">
          These are the newest {mostCorrections}. Choose a bot or a state to find older ones.
        </Text>
      )}
    </Flex>
  )
}

/** What people said answers should have been, how far that is from a retrain, and what reviewers may do about it. */
export function CorrectionsPage() {
  const bots = useBots().data ?? []
  const [bot, setBot] = useAddressField('bot')
  const [state, setState] = useAddressField('state')
  const corrections = useCorrections({ ...(bot && { bot }), ...(state && { state }) })
  return (
    <Page title="Corrections">
      <ProgressCards bot={bot} />
      <Flex gap="2" wrap="wrap" role="search" aria-label="Filter the corrections">
        <OneOrAll
          name="Bot"
          all="All bots"
          value={bot}
          options={bots.map(({ name }) => [name, name])}
          choose={setBot}
        />
        <OneOrAll
          name="State"
          all="All states"
          value={state}
          options={correctionStates.map((each) => [each, correctionWords[each]])}
          choose={setState}
        />
      </Flex>
      <Loaded query={corrections} skeleton={waiting}>
        {(list) => <List corrections={list} bots={bots} filtered={bot !== '' || state !== ''} />}
      </Loaded>
    </Page>
  )
}
