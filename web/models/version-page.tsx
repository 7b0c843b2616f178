import { Code, Flex, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { VersionDetail } from '../../api/contract/versions.ts'
import { shortHash } from '../evidence/evidence-words.ts'
import { FactList } from '../evidence/fact-list.tsx'
import { Panel } from '../evidence/panel.tsx'
import { GateTable } from '../evidence/verdicts.tsx'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Time } from '../frame/time.tsx'
import { useVersion } from '../operator/learning/version-queries.ts'
import { useBots } from '../operator/queries.ts'
import { Card } from './card.tsx'
import { DatasetFacts } from './dataset-facts.tsx'
import { StageBadges, versionPath } from './family-tree.tsx'
import { ReplayPanel } from './replay/replay-panel.tsx'
import { StartRollout } from './start-rollout.tsx'
import { VersionFigures } from './version-figures.tsx'

const Back = () => (
  <Link href="/models" className="back">
    <Icon name="back" size={16} /> All models
  </Link>
)

const Facts = ({ detail }: { readonly detail: VersionDetail }) => {
  const { bot, version, parent } = detail
  return (
    <FactList
      facts={[
        ['Made', <Time key="made" iso={detail.createdAt} />],
        ['Slot', detail.slot],
        [
          'Parent',
          parent === null ? (
            'none: the first of its line'
          ) : (
            <>
              <Link href={versionPath(bot, parent)}>version {parent}</Link> (
              <Link href={`${versionPath(bot, version)}/compare/${parent}`}>compare</Link>)
            </>
          ),
        ],
        ['Weights', <Code key="weights">{shortHash(detail.weightsSha256)}</Code>],
        ['Rollout', detail.rollout && <Link href={`/rollouts/${bot}/${version}`}>its rollout</Link>],
      ]}
    />
  )
}

function Version({ detail }: { readonly detail: VersionDetail }) {
  const labels = useBots().data?.find(({ name }) => name === detail.bot)?.labels ?? []
  return (
    <>
      <Panel id="version" title="Where it stands" actions={<StartRollout detail={detail} />}>
        <Flex gap="2" wrap="wrap">
          <StageBadges version={detail} />
        </Flex>
        <Facts detail={detail} />
        <DatasetFacts root={detail.datasetRoot} labels={labels} />
      </Panel>
      <VersionFigures detail={detail} labels={labels} />
      <Panel id="gates" title="Gates">
        {detail.gates.length > 0 ? (
          <GateTable gates={detail.gates} />
        ) : (
          <Text size="2">No gate has judged it: it is no challenger of a retrain.</Text>
        )}
      </Panel>
      <ReplayPanel detail={detail} />
      <Panel id="card" title="Card">
        {detail.card ? <Card markdown={detail.card} /> : <Text size="2">It came without a card.</Text>}
      </Panel>
    </>
  )
}

/** One version: where it stands, how good it is, and its card. */
export function VersionPage({ bot, version }: { readonly bot: string; readonly version: number }) {
  const detail = useVersion(bot, version)
  return (
    <Page title={`${bot}: version ${version}`} actions={<Back />}>
      <Loaded query={detail} skeleton={<Skeleton height="420px" />}>
        {(data) => <Version detail={data} />}
      </Loaded>
    </Page>
  )
}
