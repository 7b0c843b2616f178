import { Badge, Flex, Heading, Table, Text } from '@radix-ui/themes'
import type { Candidate, Choice } from '../../../api/contract/messages.ts'
import type { LabelWords } from '../../../api/contract/values.ts'
import { duration, labelWords, percent, versionWords } from '../../words.ts'

const policies: Readonly<Record<string, string>> = {
  'primary-then-best': 'the first version if it is in time, else the most confident',
  'highest-confidence': 'the most confident version',
  average: 'the average of all live versions',
  first: 'whichever version answers first',
  weighted: 'each conversation belongs to one version',
}

const CandidateRow = ({
  candidate,
  labels,
}: {
  readonly candidate: Candidate
  readonly labels: readonly LabelWords[]
}) => (
  <Table.Row>
    <Table.RowHeaderCell>{versionWords(candidate)}</Table.RowHeaderCell>
    <Table.Cell>
      {labelWords(labels, candidate.label)} {percent(candidate.confidence)}
      {!candidate.known && ', not known'}
    </Table.Cell>
    <Table.Cell>{duration(candidate.arrivedMs)}</Table.Cell>
    <Table.Cell>{candidate.used ? 'yes' : 'no'}</Table.Cell>
  </Table.Row>
)

const Candidates = ({ choice, labels }: { readonly choice: Choice; readonly labels: readonly LabelWords[] }) => (
  <Table.Root size="1" variant="surface">
    <Table.Header>
      <Table.Row>
        <Table.ColumnHeaderCell>Candidate</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>Said</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>After</Table.ColumnHeaderCell>
        <Table.ColumnHeaderCell>Used</Table.ColumnHeaderCell>
      </Table.Row>
    </Table.Header>
    <Table.Body>
      {choice.candidates.map((candidate) => (
        <CandidateRow key={`${candidate.slot} ${candidate.version}`} candidate={candidate} labels={labels} />
      ))}
    </Table.Body>
  </Table.Root>
)

/** What was told, by which rule, and what else there was to choose from. */
export const ChoicePanel = ({
  choice,
  labels,
}: {
  readonly choice: Choice
  readonly labels: readonly LabelWords[]
}) => (
  <Flex direction="column" gap="3">
    <Heading as="h3" size="3">
      The choice
    </Heading>
    <Flex gap="2" align="center" wrap="wrap">
      <Text size="4" weight="bold">
        {choice.known ? `${labelWords(labels, choice.label)}, ${percent(choice.confidence)}` : 'Not known'}
      </Text>
      {choice.unsure && <Badge color="amber">unsure: people were asked</Badge>}
      {choice.deadlineHit && <Badge color="amber">the deadline had passed</Badge>}
    </Flex>
    <Text as="p" size="2" color="gray">
      Rule “{choice.policy}”: {policies[choice.policy] ?? choice.policy}. {sentence(choice.reason)}
    </Text>
    <Candidates choice={choice} labels={labels} />
  </Flex>
)

function sentence(words: string): string {
  const started = words.charAt(0).toUpperCase() + words.slice(1)
  return started === '' || started.endsWith('.') ? started : `${started}.`
}
