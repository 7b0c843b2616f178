import { Box, Flex, Grid, Heading, Text } from '@radix-ui/themes'
import { type ReactNode, useMemo } from 'react'
import type { LabelWords } from '../../api/contract/values.ts'
import type { VersionDetail } from '../../api/contract/versions.ts'
import type { Figures } from '../../domain/model/evaluation.ts'
import { Panel } from '../evidence/panel.tsx'
import { ReliabilityPlot, RiskPlot } from '../plots/curve-plots.tsx'
import { count, percent } from '../words.ts'
import { ConfusionTable } from './confusion-table.tsx'
import { type Evaluation, readEvaluation } from './versions.ts'

export const FiguresLine = ({ figures }: { readonly figures: Omit<Figures, 'auc'> }) => (
  <Text as="p" size="2">
    {count(figures.count)} examples: {percent(figures.accuracy)} right, balanced {percent(figures.balancedAccuracy)};
    always saying the most frequent label would be {percent(figures.majorityRate)} right. Calibration error{' '}
    {percent(figures.ece)}.
  </Text>
)

const Part = ({
  title,
  words,
  children,
}: {
  readonly title: string
  readonly words: string
  readonly children: ReactNode
}) => (
  <Flex direction="column" gap="2" minWidth="0">
    <Heading as="h3" size="3">
      {title}
    </Heading>
    <Text as="p" size="2" color="gray">
      {words}
    </Text>
    {children}
  </Flex>
)

function Curves({ evaluation }: { readonly evaluation: Evaluation }) {
  const { reliability, unsure } = evaluation
  return (
    <Grid columns={{ initial: '1', md: '2' }} gap="5">
      <Part title="Reliability" words="How often answers of a confidence are right. On the dashed line it is honest.">
        {reliability && reliability.length > 0 ? (
          <ReliabilityPlot bins={reliability} />
        ) : (
          <Text size="2">The evaluation of this version has no bins of confidence, only the calibration error.</Text>
        )}
      </Part>
      <Part title="Risk and coverage" words="What is wrong among the answers that are given without asking people.">
        {unsure?.curve && unsure.curve.length > 0 ? (
          <RiskPlot points={unsure.curve} />
        ) : (
          <Text size="2">This version has no such curve.</Text>
        )}
      </Part>
    </Grid>
  )
}

/** How good a version is on examples that it never learned from. */
export function VersionFigures({
  detail,
  labels,
}: {
  readonly detail: VersionDetail
  readonly labels: readonly LabelWords[]
}) {
  const evaluation = useMemo(() => readEvaluation(detail.evaluation), [detail.evaluation])
  const ids = evaluation?.labels ?? detail.labels
  if (!evaluation)
    return (
      <Panel id="figures" title="How good it is">
        <Text size="2">This version came without an evaluation.</Text>
      </Panel>
    )
  return (
    <Panel id="figures" title="How good it is">
      {evaluation.pooled && (
        <>
          <FiguresLine figures={evaluation.pooled} />
          {evaluation.method && (
            <Text as="p" size="2" color="gray">
              Measured like this: {evaluation.method}.
            </Text>
          )}
          <Box className="wide">
            <ConfusionTable figures={evaluation.pooled} ids={ids} labels={labels} name="Confusion matrix" />
          </Box>
        </>
      )}
      {evaluation.holdout && (
        <Part title="On the base holdout" words="Held out for life; the same hands as those that it learned from.">
          <FiguresLine figures={evaluation.holdout} />
        </Part>
      )}
      <Curves evaluation={evaluation} />
    </Panel>
  )
}
