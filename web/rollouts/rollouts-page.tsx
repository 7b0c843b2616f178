import { Card, Flex, Heading, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { ListedRollout } from '../../api/contract/rollouts.ts'
import { sentence } from '../evidence/evidence-words.ts'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { Time } from '../frame/time.tsx'
import { useRollouts } from '../operator/learning/rollout-queries.ts'
import { useBots } from '../operator/queries.ts'
import { whereItIs } from './progress.ts'
import { RolloutBadges } from './rollout-badges.tsx'

const Item = ({ rollout }: { readonly rollout: ListedRollout }) => (
  <Card size="2">
    <Flex direction="column" gap="2">
      <Flex gap="3" align="center" wrap="wrap">
        <Heading as="h3" size="3">
          <Link href={`/rollouts/${rollout.bot}/${rollout.version}`}>
            {rollout.bot} version {rollout.version}
          </Link>
        </Heading>
        <RolloutBadges rollout={rollout} />
        <Text size="2" color="gray">
          beside version {rollout.champion}, since <Time iso={rollout.startedAt} />
        </Text>
      </Flex>
      <Text as="p" size="2">
        {rollout.end === null
          ? `${whereItIs(rollout)} ${sentence(rollout.judgement?.why ?? '')}`
          : sentence(rollout.reason ?? '')}
      </Text>
    </Flex>
  </Card>
)

const Part = ({
  title,
  rollouts,
  none,
}: {
  readonly title: string
  readonly rollouts: readonly ListedRollout[]
  readonly none: string
}) => (
  <Flex direction="column" gap="3">
    <Heading as="h2" size="5">
      {title}
    </Heading>
    {rollouts.length === 0 ? (
      <Text size="2" color="gray">
        {none}
      </Text>
    ) : (
      <Flex direction="column" gap="3" asChild>
        <ul className="plain" aria-label={title}>
          {rollouts.map((rollout) => (
            <li key={`${rollout.bot} ${rollout.version} ${rollout.startedAt}`}>
              <Item rollout={rollout} />
            </li>
          ))}
        </ul>
      </Flex>
    )}
  </Flex>
)

/** Every rollout, those that are on their way first. */
export function RolloutsPage() {
  const bots = useBots().data ?? []
  const rollouts = useRollouts()
  const [bot, setBot] = useAddressField('bot')
  return (
    <Page
      title="Rollouts"
      actions={
        <OneOrAll
          name="Bot"
          all="All bots"
          value={bot}
          options={bots.map(({ name }) => [name, name])}
          choose={setBot}
        />
      }
    >
      <Loaded query={rollouts} skeleton={<Skeleton height="240px" />}>
        {(list) => {
          const shown = list.filter((rollout) => bot === '' || rollout.bot === bot)
          if (shown.length === 0)
            return (
              <EmptyState title="No version is on its way">
                A retrain whose gates pass starts a rollout by itself; a registered version can be started on its page
                under Models.
              </EmptyState>
            )
          return (
            <>
              <Part title="On their way" rollouts={shown.filter(({ end }) => end === null)} none="None now." />
              <Part title="Ended" rollouts={shown.filter(({ end }) => end !== null)} none="None yet." />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
