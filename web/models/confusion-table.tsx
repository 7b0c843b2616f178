import { Table, Text } from '@radix-ui/themes'
import type { LabelWords } from '../../api/contract/values.ts'
import type { Figures } from '../../domain/model/evaluation.ts'
import { labelWords } from '../words.ts'

const shadeOf = (part: number, all: number, right: boolean): string => {
  const strength = all === 0 ? 0 : Math.round((part / all) * 60)
  return `color-mix(in srgb, var(--${right ? 'green' : 'red'}-9) ${strength}%, transparent)`
}

/** What was said of what is true: rows are the truth, columns what was said. Darker is a larger share of its row. */
export function ConfusionTable({
  figures,
  ids,
  labels,
  name,
}: {
  readonly figures: Pick<Figures, 'confusion' | 'support'>
  /** The labels' ids in the order of the figures. */
  readonly ids: readonly string[]
  readonly labels: readonly LabelWords[]
  readonly name: string
}) {
  const words = ids.map((id) => labelWords(labels, id))
  return (
    <Table.Root size="1" variant="surface" role="group" aria-label={name}>
      <Table.Header>
        <Table.Row>
          <Table.ColumnHeaderCell>
            <Text color="gray">truth ↓ said →</Text>
          </Table.ColumnHeaderCell>
          {words.map((word) => (
            <Table.ColumnHeaderCell key={word}>{word}</Table.ColumnHeaderCell>
          ))}
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {figures.confusion.map((row, truth) => (
          <Table.Row key={words[truth] ?? truth}>
            <Table.RowHeaderCell>{words[truth] ?? truth}</Table.RowHeaderCell>
            {row.map((part, said) => (
              <Table.Cell
                key={words[said] ?? said}
                className="figure"
                style={{ background: shadeOf(part, figures.support[truth] ?? 0, truth === said) }}
              >
                {part}
              </Table.Cell>
            ))}
          </Table.Row>
        ))}
      </Table.Body>
    </Table.Root>
  )
}
