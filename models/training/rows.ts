import { exampleParts, type ExamplePart } from '../../domain/learning/examples.ts'
import { DatasetInvalid, peopleVendor, type Dataset, type Example } from '../family.ts'

export const partOfExample = ({ part = 'train' }: Pick<Example, 'part'>): ExamplePart => part

/** A correction of an input that no base example has. */
export const isOfPeople = ({ vendor }: Pick<Example, 'vendor'>): boolean => vendor === peopleVendor

/** Where the examples that fit are, in the order of the dataset. */
export const indicesWhere = (
  { examples }: Pick<Dataset, 'examples'>,
  fits: (example: Example) => boolean,
): readonly number[] => examples.flatMap((example, index) => (fits(example) ? [index] : []))

/** Some rows of a dataset, under the name of the whole. */
function rowsOf<Whole extends Dataset>(dataset: Whole, indices: readonly number[]): Whole {
  const { width } = dataset.backbone
  const embeddings = new Float32Array(indices.length * width)
  for (const [row, index] of indices.entries())
    embeddings.set(dataset.embeddings.subarray(index * width, (index + 1) * width), row * width)
  const pick = <T>(all: readonly T[]): readonly T[] => indices.flatMap((index) => all.slice(index, index + 1))
  const beside = 'grams' in dataset && Array.isArray(dataset.grams) ? { grams: pick(dataset.grams) } : {}
  return { ...dataset, ...beside, examples: pick(dataset.examples), embeddings }
}

/** The part of a dataset that may be learned from: trained on, calibrated on, or be a neighbour. The other parts never are. */
export function trainRowsOf<Whole extends Dataset>(dataset: Whole): Whole {
  const indices = indicesWhere(dataset, (example) => partOfExample(example) === 'train')
  return indices.length === dataset.examples.length ? dataset : rowsOf(dataset, indices)
}

/** @throws DatasetInvalid when there is nothing to learn from, or nothing to tell apart. */
export function checkLearnable(dataset: Dataset): void {
  const { examples } = trainRowsOf(dataset)
  const [only, ...others] = new Set(examples.map(({ label }) => label))
  if (only === undefined) throw new DatasetInvalid('it has no examples to learn from')
  if (others.length === 0) throw new DatasetInvalid(`all examples to learn from are of one label, ${only}`)
}

/** How many examples of each part. */
export const partCounts = (dataset: Dataset): Readonly<Record<ExamplePart, number>> =>
  Object.fromEntries(
    exampleParts.map((part) => [part, dataset.examples.filter((example) => partOfExample(example) === part).length]),
  ) as Record<ExamplePart, number>
