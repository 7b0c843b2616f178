import { Code, Flex, Table, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import { shortHash, triggerWords } from '../evidence/evidence-words.ts'
import { FactList } from '../evidence/fact-list.tsx'
import { GateTable } from '../evidence/verdicts.tsx'
import type { LabelWords } from '../operator/answers.ts'
import type { HeldFigures } from '../operator/learning/shapes.ts'
import type { EvidencePayload } from '../operator/learning/rollout-answers.ts'
import { count, labelWords, percent, plural } from '../words.ts'

interface Named {
  readonly bot: string
  readonly version: number
}

/** Point 2: challenger and champion. */
export const LineageFacts = ({ bot, version, lineage }: Named & Pick<EvidencePayload, 'lineage'>) => (
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
      ['Parent', lineage.parent == null ? 'none' : `version ${lineage.parent}`],
      ['When promoted', lineage.mode === 'join' ? 'it joins the live versions' : 'it replaces the champion'],
      ['Why it exists', triggerWords(lineage.trigger)],
      [
        'Dataset',
        <span key="data">
          {count(lineage.datasetSize)} examples, <Code>{shortHash(lineage.datasetRoot)}</Code>
        </span>,
      ],
      [
        'New corrections',
        <Link key="new" href={`/corrections?bot=${bot}&state=accepted`}>
          {plural(lineage.newCorrections, 'correction')}
        </Link>,
      ],
      ['Seed, trainer', `${lineage.seed}, ${lineage.trainerVersion}`],
      ['Weights', <Code key="weights">{shortHash(lineage.weightsSha256)}</Code>],
    ]}
  />
)

const recallOf = ({ confusion, support }: HeldFigures, label: number): string => {
  const all = support[label] ?? 0
  return all === 0 ? 'none' : `${confusion[label]?.[label] ?? 0} of ${all}`
}

const rowsOf = (
  champion: HeldFigures,
  challenger: HeldFigures,
  ids: readonly string[],
  labels: readonly LabelWords[],
) => [
  ['Right', percent(challenger.accuracy), percent(champion.accuracy)],
  ['Balanced', percent(challenger.balancedAccuracy), percent(champion.balancedAccuracy)],
  ['Calibration error', percent(challenger.ece), percent(champion.ece)],
  ...ids.map((id, label) => [labelWords(labels, id), recallOf(challenger, label), recallOf(champion, label)] as const),
]

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
              {rowsOf(holdout.champion, holdout.challenger, holdout.labels, labels).map(([name, own, other]) => (
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
        <Text size="2">This version came without a holdout.</Text>
      )}
      <GateTable gates={gates} />
    </Flex>
  )
}
