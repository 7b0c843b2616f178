import { Button, Code, Flex, Link as Anchor, Skeleton, Text } from '@radix-ui/themes'
import { type ComponentType, lazy, Suspense } from 'react'
import { Link, useLocation } from 'wouter'
import type { LabelWords } from '../../api/contract/values.ts'
import type { VersionDetail } from '../../api/contract/versions.ts'
import { shortHash } from '../evidence/evidence-words.ts'
import { FactList } from '../evidence/fact-list.tsx'
import { Panel } from '../evidence/panel.tsx'
import { GateTable } from '../evidence/verdicts.tsx'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { ProblemNotice } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { Time } from '../frame/time.tsx'
import { useStartRollout } from '../operator/learning/rollout-queries.ts'
import { useDataset, useVersion } from '../operator/learning/version-queries.ts'
import { useBots } from '../operator/queries.ts'
import { count, labelWords, plural } from '../words.ts'
import { StageBadges, versionPath } from './family-tree.tsx'
import { ReplayPanel } from './replay/replay-panel.tsx'
import { VersionFigures } from './version-figures.tsx'
import { mayStart } from './versions.ts'

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

const counted = (counts: Readonly<Record<string, number>>, words: (id: string) => string): string =>
  Object.entries(counts)
    .map(([id, value]) => `${words(id)} ${count(value)}`)
    .join(', ')

/** What a version learned from, and where to get it. */
function DatasetFacts({ root, labels }: { readonly root: string; readonly labels: readonly LabelWords[] }) {
  const { data: dataset, error } = useDataset(root)
  return (
    <>
      <FactList
        facts={[
          ['Dataset', <Code key="root">{shortHash(root)}</Code>],
          ['Examples', dataset && count(dataset.size)],
          ['Labels', dataset && counted(dataset.labelCounts, (id) => labelWords(labels, id))],
          ['Parts', dataset && counted(dataset.parts, (part) => part)],
          ['Corrections', dataset && plural(dataset.corrections, 'correction')],
        ]}
      />
      {error && <ProblemNotice error={error} />}
      <Text size="2">
        <Anchor href={`/api/datasets/${encodeURIComponent(root)}/export`} download>
          Export the dataset as JSON lines
        </Anchor>
      </Text>
    </>
  )
}

/** Sends a version that has had no rollout on its way; it still answers nobody until a person says yes. */
function StartRollout({ detail }: { readonly detail: VersionDetail }) {
  const { bot, version } = detail
  const serving = useBots().data?.find(({ name }) => name === bot)?.versions
  const start = useStartRollout()
  const [, go] = useLocation()
  const session = useSignedIn()
  if (serving === undefined || !may(session, bot, 'approver') || !mayStart(detail, serving)) return null
  const act = () => start.mutate({ bot, version }, { onSuccess: () => go(`/rollouts/${bot}/${version}`) })
  return (
    <Flex direction="column" gap="2" align="end">
      <Button variant="soft" loading={start.isPending} onClick={act}>
        Start its rollout
      </Button>
      {start.error && <ProblemNotice error={start.error} />}
    </Flex>
  )
}

interface CardProps {
  readonly markdown: string
}

const AsWritten: ComponentType<CardProps> = ({ markdown }) => <pre className="said quoted">{markdown}</pre>

/** The parser of Markdown is loaded with the first card: pages without one do without it. */
const Rendered = lazy(() =>
  import('./markdown-view.tsx').then(
    ({ MarkdownView }) => ({ default: MarkdownView }),
    () => ({ default: AsWritten }),
  ),
)

/** A version's model card; as it was written until its parser is loaded, and where that cannot be. */
const Card = ({ markdown }: CardProps) => (
  <Suspense fallback={<AsWritten markdown={markdown} />}>
    <Rendered markdown={markdown} />
  </Suspense>
)

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
