import { Flex, Grid, Skeleton, Text } from '@radix-ui/themes'
import type { BotState } from '../../api/contract/bots.ts'
import type { ListedCorrection } from '../../api/contract/corrections.ts'
import { correctionStates } from '../../domain/correction.ts'
import { correctionWords } from '../conversations/correction-words.ts'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { mostCorrections, useCorrections, useLearning } from '../operator/learning/queries.ts'
import { useBots } from '../operator/queries.ts'
import { CorrectionItem } from './correction-item.tsx'
import { ProgressCard } from './progress-card.tsx'

const waiting = <Skeleton height="220px" />

function Progress({ bot }: { readonly bot: string }) {
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
      <Progress bot={bot} />
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
