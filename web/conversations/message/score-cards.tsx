import { Badge, Callout, Flex, Text } from '@radix-ui/themes'
import { useMemo } from 'react'
import type { Input, Score } from '../../../api/contract/messages.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { ScorePlot } from '../../plots/score-plot.tsx'
import { duration, labelWords, versionWords } from '../../words.ts'

interface Naming {
  readonly labels: readonly LabelWords[]
  /** The label that was told to the person. */
  readonly told: string | undefined
}

/** A classifier may have a hundred labels: the likeliest are enough. */
const shownLabels = 5

const probabilitiesOf = ({ probabilities, label, confidence }: Score): Readonly<Record<string, number>> =>
  probabilities ?? (label === null || confidence === null ? {} : { [label]: confidence })

/** The labels that any version finds likely, in one order for all of them, so that their bars can be compared. */
function likeliest(scores: readonly Score[]): readonly string[] {
  const most = new Map<string, number>()
  for (const score of scores)
    for (const [label, probability] of Object.entries(probabilitiesOf(score)))
      most.set(label, Math.max(probability, most.get(label) ?? 0))
  return [...most.keys()].toSorted((one, other) => (most.get(other) ?? 0) - (most.get(one) ?? 0)).slice(0, shownLabels)
}

function barsOf(score: Score, shown: readonly string[], { labels, told }: Naming) {
  const probabilities = probabilitiesOf(score)
  return shown.flatMap((label) => {
    const probability = probabilities[label]
    return probability === undefined ? [] : [{ words: labelWords(labels, label), probability, told: label === told }]
  })
}

const HowItWent = ({ score }: { readonly score: Score }) => (
  <Text size="1" color="gray">
    {score.evalMs !== null && `took ${duration(score.evalMs)}`}
    {score.attempts > 1 && `, ${score.attempts} attempts`}
  </Text>
)

function ScoreCard({
  score,
  shown,
  labels,
  told,
}: Naming & { readonly score: Score; readonly shown: readonly string[] }) {
  const bars = useMemo(() => barsOf(score, shown, { labels, told }), [score, shown, labels, told])
  const name = versionWords(score)
  return (
    <Flex direction="column" gap="2" asChild>
      <li>
        <Flex gap="2" align="center" wrap="wrap">
          <Text weight="medium">{name}</Text>
          <Badge color={score.stage === 'live' ? 'iris' : 'gray'}>{score.stage}</Badge>
          {score.known === false && <Badge color="amber">like nothing it was trained on</Badge>}
          <HowItWent score={score} />
        </Flex>
        {score.error && (
          <Callout.Root color="red" size="1">
            <Callout.Text>It gave no answer: {score.error}</Callout.Text>
          </Callout.Root>
        )}
        {bars.length > 0 && <ScorePlot bars={bars} name={name} />}
      </li>
    </Flex>
  )
}

/** Every version's calibrated confidence, those that may answer first. */
export function ScoreCards({ input, labels }: { readonly input: Input; readonly labels: readonly LabelWords[] }) {
  const shown = useMemo(() => likeliest(input.scores), [input.scores])
  if (input.scores.length === 0)
    return (
      <Text size="2" color="gray">
        No version has looked at it yet.
      </Text>
    )
  const live = (score: Score) => Number(score.stage === 'live')
  return (
    <Flex direction="column" gap="4" asChild>
      <ul className="plain" aria-label="Scores of the versions">
        {input.scores
          .toSorted((one, other) => live(other) - live(one))
          .map((score) => (
            <ScoreCard
              key={`${score.slot} ${score.version}`}
              score={score}
              shown={shown}
              labels={labels}
              told={input.choice?.label}
            />
          ))}
      </ul>
    </Flex>
  )
}
