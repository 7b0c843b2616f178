import { Code, Flex, Progress, Skeleton, Spinner, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { Replay as FoundReplay, ReplayReport } from '../../../api/contract/replays.ts'
import { ComparedList } from '../../evidence/compared-list.tsx'
import { sentence } from '../../evidence/evidence-words.ts'
import { FactList } from '../../evidence/fact-list.tsx'
import { Panel } from '../../evidence/panel.tsx'
import { VerdictBadge } from '../../evidence/verdicts.tsx'
import { Loaded } from '../../frame/loaded.tsx'
import { EmptyState } from '../../frame/notices.tsx'
import { Page } from '../../frame/page.tsx'
import { Time } from '../../frame/time.tsx'
import { useReplay } from '../../operator/learning/version-queries.ts'
import { useBots } from '../../operator/queries.ts'
import { count, duration } from '../../words.ts'
import { versionPath } from '../family-tree.tsx'
import { leftOutWords, shareWords, shownWords } from './replay-words.ts'

const Summary = ({ report }: { readonly report: ReplayReport }) => (
  <Panel id="summary" title="What it would have said">
    <Flex gap="3" align="center" wrap="wrap" role="status">
      <VerdictBadge verdict={report.verdict} size="3" />
      <Text weight="medium">{sentence(report.why)}</Text>
    </Flex>
    <FactList
      facts={[
        ['Requests', count(report.requests)],
        ['Left out', leftOutWords(report.older ?? 0, report.otherPreprocessing ?? 0)],
        [
          'Recorded',
          <span key="span">
            <Time iso={report.from} /> to <Time iso={report.to} />
          </span>,
        ],
        ['Agreement', shareWords(report.agreement, report.requests, (share) => share)],
        [
          'Noise floor',
          shareWords(report.noiseFloor, report.requests, (share) => `the champion repeats itself in ${share}`),
        ],
        ['Errors', count(report.errors)],
        [
          'Answer time',
          report.p50Ms !== null && report.p95Ms !== null
            ? `median ${duration(report.p50Ms)}, 95th percentile ${duration(report.p95Ms)}`
            : null,
        ],
        [
          'Cost',
          report.cpuSecondsPer1000 === null
            ? null
            : `${report.cpuSecondsPer1000.toFixed(1)} CPU seconds for 1,000 requests`,
        ],
        [
          'Report hash',
          <Code key="hash" className="id">
            {report.hash}
          </Code>,
        ],
      ]}
    />
  </Panel>
)

function Report({ report }: { readonly report: ReplayReport }) {
  const labels = useBots().data?.find(({ name }) => name === report.bot)?.labels ?? []
  const lists = [
    ['Fixed', report.fixed, report.fixedCount, 'It would have fixed nothing that people have labelled.'],
    ['Broke', report.broke, report.brokeCount, 'It would have broken nothing that people have labelled.'],
    ['Where they differ', report.churn, report.churnCount, 'They say the same to every recorded request.'],
  ] as const
  return (
    <>
      <Summary report={report} />
      {lists.map(([title, items, all, none]) => (
        <Panel key={title} id={title.toLowerCase().replaceAll(' ', '-')} title={`${title}: ${count(all)}`}>
          <ComparedList name={title} items={items} labels={labels} none={none} />
          <Text size="2">{shownWords(items.length, all)}</Text>
        </Panel>
      ))}
    </>
  )
}

const Running = ({ progress }: Pick<FoundReplay, 'progress'>) => (
  <Flex direction="column" gap="3">
    <Flex gap="3" align="center" role="status">
      <Spinner size="3" />
      <Text>
        {progress
          ? `${count(progress.done)} of ${count(progress.all)} recorded requests are played.`
          : 'The recorded requests are being played.'}{' '}
        This page shows the report when it is there.
      </Text>
    </Flex>
    {progress && <Progress value={progress.done} max={Math.max(1, progress.all)} aria-label="Requests played" />}
  </Flex>
)

function Replay({ found }: { readonly found: FoundReplay }) {
  if (found.state === 'running') return <Running progress={found.progress} />
  if (found.report === null)
    return (
      <EmptyState title="The replay failed">
        Start it again on the page of its version; the reason is in the log of the learning worker.
      </EmptyState>
    )
  return <Report report={found.report} />
}

/** The report of one replay, or that it runs. */
export function ReplayPage({ id }: { readonly id: string }) {
  const found = useReplay(id)
  const report = found.data?.report
  const back = report && (
    <Link href={versionPath(report.bot, report.version)} className="back">
      Version {report.version}
    </Link>
  )
  return (
    <Page
      title={report ? `Replay of ${report.bot} version ${report.version} beside version ${report.against}` : 'Replay'}
      actions={back}
    >
      <Loaded query={found} skeleton={<Skeleton height="300px" />}>
        {(data) => <Replay found={data} />}
      </Loaded>
    </Page>
  )
}
