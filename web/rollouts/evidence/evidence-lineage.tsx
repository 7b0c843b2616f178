import { Code, Flex, Table, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { EvidencePayload } from '../../../api/contract/rollouts.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import type { Figures } from '../../../domain/model/evaluation.ts'
import { parsePredictionId } from '../../../domain/prediction.ts'
import { shortHash, triggerWords } from '../../evidence/evidence-words.ts'
import { FactList } from '../../evidence/fact-list.tsx'
import { GateTable } from '../../evidence/verdicts.tsx'
import { count, labelWords, percent, plural } from '../../words.ts'

interface Named {
  readonly bot: string
  readonly version: number
}

/** How many corrections are new, and each of them. */
const NewCorrections = ({ newCorrections, newPredictions }: EvidencePayload['lineage']) => (
  <details>
    <summary>{plural(newCorrections, 'correction')}</summary>
    <Flex gap="2" wrap="wrap">
      {newPredictions.map((prediction) => (
        <Link key={prediction} href={`/conversations/${parsePredictionId(prediction)?.messageId ?? prediction}`}>
          <Code>{prediction.slice(0, 8)}</Code>
        </Link>
      ))}
    </Flex>
  </details>
)

/** Point 2: challenger and champion. */
export const LineageFacts = ({
  bot,
  version,
  lineage,
  author,
}: Named & Pick<EvidencePayload, 'lineage'> & { readonly author: string | null }) => (
  <FactList
    facts={[
      [
        'Challenger',
        <Link key="own" href={`/models/${bot}/${version}`}>
          version {version}
        </Link>,
      ],
      [
        'Champion',
        <span key="champion">
          <Link href={`/models/${bot}/${lineage.champion}`}>version {lineage.champion}</Link> (
          <Link href={`/models/${bot}/${version}/compare/${lineage.champion}`}>compare</Link>)
        </span>,
      ],
      ['Parent', lineage.parent === null ? 'none' : `version ${lineage.parent}`],
      ['When promoted', lineage.mode === 'join' ? 'it joins the live versions' : 'it replaces the champion'],
      ['Why it exists', triggerWords(lineage.trigger)],
      ['Author', author ?? 'nobody: it came by itself'],
      [
        'Dataset',
        <span key="data">
          {count(lineage.datasetSize)} examples, <Code>{shortHash(lineage.datasetRoot)}</Code>
        </span>,
      ],
      ['New corrections', <NewCorrections key="new" {...lineage} />],
      ['Seed, trainer', `${lineage.seed}, ${lineage.trainerVersion}`],
      ['Code', lineage.codeFingerprint ? <Code key="code">{shortHash(lineage.codeFingerprint)}</Code> : 'unknown'],
      ['Weights', <Code key="weights">{shortHash(lineage.weightsSha256)}</Code>],
    ]}
  />
)

type HeldSummary = NonNullable<EvidencePayload['holdout']>['summaries']['champion']

const recallOf = ({ confusion, support }: Figures, label: number): string => {
  const all = support[label] ?? 0
  return all === 0 ? 'none' : `${confusion[label]?.[label] ?? 0} of ${all}`
}

const estimated = ({ value, from, to }: HeldSummary['accuracy']): string =>
  `${percent(value)} (${percent(from)} to ${percent(to)})`

const worstWords = ({ worst }: HeldSummary, labels: readonly LabelWords[]): string =>
  worst ? `${labelWords(labels, worst.label)}, ${percent(worst.recall)}` : 'none'

function rowsOf(
  { champion, challenger, labels: ids, summaries }: NonNullable<EvidencePayload['holdout']>,
  labels: readonly LabelWords[],
) {
  const [own, other] = [summaries.challenger, summaries.champion]
  return [
    ['Right', estimated(own.accuracy), estimated(other.accuracy)],
    ['Macro F1', estimated(own.macroF1), estimated(other.macroF1)],
    ['Calibration error', percent(challenger.ece), percent(champion.ece)],
    ['Worst label', worstWords(own, labels), worstWords(other, labels)],
    ...ids.map(
      (id, label) => [labelWords(labels, id), recallOf(challenger, label), recallOf(champion, label)] as const,
    ),
  ]
}

/** Point 3: both on the frozen holdout, by label, and what the gates said. */
export function HoldoutTable({
  payload: { holdout, gates },
  labels,
}: {
  readonly payload: EvidencePayload
  readonly labels: readonly LabelWords[]
}) {
  return (
    <Flex direction="column" gap="3">
      {holdout ? (
        <>
          <Table.Root size="1" variant="surface" role="group" aria-label="Holdout">
            <Table.Header>
              <Table.Row>
                <Table.ColumnHeaderCell>On {count(holdout.challenger.count)} held-out examples</Table.ColumnHeaderCell>
                <Table.ColumnHeaderCell>Challenger</Table.ColumnHeaderCell>
                <Table.ColumnHeaderCell>Champion</Table.ColumnHeaderCell>
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {rowsOf(holdout, labels).map(([name, own, other]) => (
                <Table.Row key={name}>
                  <Table.RowHeaderCell>{name}</Table.RowHeaderCell>
                  <Table.Cell className="figure">{own}</Table.Cell>
                  <Table.Cell className="figure">{other}</Table.Cell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table.Root>
          <Text as="p" size="2">
            Held-out corrections: {holdout.correctionHoldout.challenger} of {holdout.correctionHoldout.count} right, the
            champion {holdout.correctionHoldout.champion}.
          </Text>
        </>
      ) : (
        <Text size="2">There are no holdout figures beside this champion.</Text>
      )}
      <GateTable gates={gates} />
    </Flex>
  )
}
