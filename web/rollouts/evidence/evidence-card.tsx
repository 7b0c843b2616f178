import { Callout, Code, Flex, Grid, Heading, Text } from '@radix-ui/themes'
import type { ReactNode } from 'react'
import type { EvidencePayload, EvidenceRow, RolloutDetail } from '../../../api/contract/rollouts.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { ComparedList } from '../../evidence/compared-list.tsx'
import { shortHash } from '../../evidence/evidence-words.ts'
import { Panel } from '../../evidence/panel.tsx'
import { GuardLights, JudgementView } from '../../evidence/verdicts.tsx'
import { Time } from '../../frame/time.tsx'
import { HoldoutTable, LineageFacts } from './evidence-lineage.tsx'
import { ContributorFacts, ReplayFacts, TrafficFacts } from './evidence-traffic.tsx'

const Point = ({
  number,
  title,
  children,
}: {
  readonly number: number
  readonly title: string
  readonly children: ReactNode
}) => (
  <Flex direction="column" gap="3" minWidth="0">
    <Heading as="h3" size="3">
      {number}. {title}
    </Heading>
    {children}
  </Flex>
)

const Examples = ({
  payload,
  examples,
  labels,
}: Pick<Props, 'examples' | 'labels'> & { readonly payload: EvidencePayload }) => (
  <Grid columns={{ initial: '1', md: '2' }} gap="4">
    <Flex direction="column" gap="2">
      <Text weight="medium">Fixed: {payload.fixedCount}</Text>
      <ComparedList name="Fixed" items={examples.fixed} labels={labels} none="It fixed nothing that was labelled." />
    </Flex>
    <Flex direction="column" gap="2">
      <Text weight="medium">Broke: {payload.brokeCount}</Text>
      <ComparedList name="Broke" items={examples.broke} labels={labels} none="It broke nothing that was labelled." />
    </Flex>
  </Grid>
)

interface Props {
  readonly bot: string
  readonly version: number
  readonly evidence: EvidenceRow
  /** What whoever asked for the version is called. */
  readonly author: RolloutDetail['author']
  /** Those of the evidence, with what was asked about. */
  readonly examples: RolloutDetail['examples']
  readonly labels: readonly LabelWords[]
  /** Points 9 and 10: the decision and those that were taken. */
  readonly children: ReactNode
}

const Heads = ({ evidence, demo }: { readonly evidence: EvidenceRow; readonly demo: boolean }) => (
  <>
    {demo && (
      <Callout.Root color="amber" size="1">
        <Callout.Text>Demonstration: the thresholds are low on purpose. This is no evidence for real use.</Callout.Text>
      </Callout.Root>
    )}
    <Text size="2" color="gray">
      Evidence <Code>{shortHash(evidence.hash)}</Code>, <Time iso={evidence.createdAt} />. It is good until{' '}
      <Time iso={evidence.expiresAt} />.
    </Text>
  </>
)

/** Everything that an approver sees, as it was frozen. */
export function EvidenceCard({ bot, version, evidence, author, examples, labels, children }: Props) {
  const { payload } = evidence
  return (
    <Panel id="evidence" title="Evidence card">
      <Heads evidence={evidence} demo={payload.demo} />
      <Point number={1} title="Verdict">
        <JudgementView judgement={payload.judgement} />
      </Point>
      <Point number={2} title="Challenger and champion">
        <LineageFacts bot={bot} version={version} lineage={payload.lineage} author={author} />
      </Point>
      <Point number={3} title="Holdout and gates">
        <HoldoutTable payload={payload} labels={labels} />
      </Point>
      <Point number={4} title="Replay">
        <ReplayFacts replay={payload.replay} />
      </Point>
      <Point number={5} title="Shadow and canary">
        <TrafficFacts traffic={payload.traffic} />
      </Point>
      <Point number={6} title="Examples">
        <Examples payload={payload} examples={examples} labels={labels} />
      </Point>
      <Point number={7} title="Who taught it">
        <ContributorFacts contributors={payload.contributors} />
      </Point>
      <Point number={8} title="Guards">
        <GuardLights lights={payload.guards} />
        <Text size="2">
          {payload.judgement.verdict === 'inconclusive'
            ? 'To promote it now overrides an inconclusive verdict, and is recorded as that.'
            : 'A verdict that says fail cannot be overridden.'}
        </Text>
      </Point>
      {children}
    </Panel>
  )
}
