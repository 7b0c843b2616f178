import { softmax } from '../../domain/model/calibration.ts'
import { figuresOf, mostLikely, type Figures } from '../../domain/model/evaluation.ts'
import { exampleParts, type ExamplePart } from '../../domain/learning/examples.ts'
import { type Example, type Examples, indicesWhere, partOfExample } from '../datasets/examples.ts'

/** What a version says about one example. */
export interface JudgedRow {
  readonly id: string
  readonly part: ExamplePart
  readonly label: string
  readonly said: string
  readonly right: boolean
  /** The version cannot say this label, so it counts as wrong. */
  readonly unknownLabel: boolean
  /** Calibrated. */
  readonly probabilities: Readonly<Record<string, number>>
}

export interface JudgedPart {
  readonly count: number
  readonly right: number
  readonly unknownLabel: number
  /** `undefined` without examples. */
  readonly figures: Figures | undefined
}

export interface JudgedVersion {
  /** What the indices of figures mean: the dataset's labels, then those that only the version has. */
  readonly labels: readonly string[]
  readonly rows: readonly JudgedRow[]
  readonly parts: Readonly<Record<ExamplePart, JudgedPart>>
}

/** A version that can be asked about rows of a dataset. */
export interface Judge {
  readonly labels: readonly string[]
  readonly temperature: number
  readonly dataset: Pick<Examples, 'labels' | 'examples'>
  /** One row of logits per index, in their order. */
  readonly logits: (indices: readonly number[]) => readonly (readonly number[])[]
}

function rowOf({ labels, temperature }: Judge, example: Example, logits: readonly number[]): JudgedRow {
  const probabilities = softmax(logits, temperature)
  const said = labels[mostLikely(probabilities)] ?? ''
  const { id, label } = example
  return {
    id,
    part: partOfExample(example),
    label,
    said,
    right: said === label,
    unknownLabel: !labels.includes(label),
    probabilities: Object.fromEntries(labels.map((one, index) => [one, probabilities[index] ?? 0])),
  }
}

function partFigures(rows: readonly JudgedRow[], labels: readonly string[]): JudgedPart {
  const outcomes = rows.map(({ label, probabilities }) => ({
    truth: labels.indexOf(label),
    probabilities: labels.map((one) => probabilities[one] ?? 0),
  }))
  return {
    count: rows.length,
    right: rows.filter(({ right }) => right).length,
    unknownLabel: rows.filter(({ unknownLabel }) => unknownLabel).length,
    figures: outcomes.length === 0 ? undefined : figuresOf(outcomes, labels.length),
  }
}

/**
 * What a version says about examples of any dataset with the same features, from files alone: no frozen network and no TensorFlow, so
 * champion, challenger and baseline are asked the same.
 * @param judge as the version's family makes it.
 * @param options.parts all but `train` when it does not say so.
 */
export function judgeVersion(judge: Judge, options: { readonly parts?: readonly ExamplePart[] } = {}): JudgedVersion {
  const { parts = exampleParts.filter((part) => part !== 'train') } = options
  const { dataset } = judge
  const indices = indicesWhere(dataset, (example) => parts.includes(partOfExample(example)))
  const logits = judge.logits(indices)
  const rows = indices.flatMap((index, at) =>
    dataset.examples.slice(index, index + 1).map((example) => rowOf(judge, example, logits[at] ?? [])),
  )
  const labels = [...new Set([...dataset.labels, ...judge.labels])]
  const figures = exampleParts.map(
    (part) =>
      [
        part,
        partFigures(
          rows.filter((row) => row.part === part),
          labels,
        ),
      ] as const,
  )
  return { labels, rows, parts: Object.fromEntries(figures) as Record<ExamplePart, JudgedPart> }
}
