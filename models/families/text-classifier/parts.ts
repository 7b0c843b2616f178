import { seededRandom, shuffled } from '../../../domain/model/seeded-random.ts'
import { DatasetInvalid } from '../../training/task.ts'
import { isOfPeople } from '../../datasets/examples.ts'
import type { TextDataset } from './dataset.ts'
import { training } from './training/fit.ts'

/** One way to divide a dataset: indices to learn from, to choose the regularisation with, and to be judged on. */
export interface Part {
  readonly name: string
  readonly learn: readonly number[]
  readonly validate: readonly number[]
  readonly test: readonly number[]
}

const folds = 5
const fewest = 10

/** Corrections are on neither side: one may be a near-copy of a text that is judged. */
const indicesWhere = (dataset: TextDataset, wanted: (vendor: string, index: number) => boolean): readonly number[] =>
  dataset.examples.flatMap((example, index) => (!isOfPeople(example) && wanted(example.vendor, index) ? [index] : []))

function divide(name: string, past: readonly number[], test: readonly number[]): Part {
  const cut = Math.floor(past.length * (1 - training.validationShare))
  return { name, learn: past.slice(0, cut), validate: past.slice(cut), test }
}

/** Which fold each example is in: a vendor's examples stay together where there are vendors enough. */
function foldsOf({ examples }: TextDataset): readonly number[] {
  const random = seededRandom(1)
  const known = examples.filter((example) => !isOfPeople(example)).map(({ vendor }) => vendor)
  const vendors = shuffled([...new Set(known)].toSorted(), random)
  if (vendors.length >= folds) return examples.map(({ vendor }) => vendors.indexOf(vendor) % folds)
  const places = shuffled(
    examples.map((_, index) => index),
    random,
  )
  const fold = new Array<number>(examples.length)
  for (const [place, index] of places.entries()) fold[index] = place % folds
  return fold
}

/**
 * How a dataset is divided to be measured: by its own split, else in five folds that take turns. The examples to learn from stay
 * in the dataset's order, which is that of time where it is known, so that the validation part is the latest.
 * @throws DatasetInvalid when a part would be too small to tell anything.
 */
export function partsOf(dataset: TextDataset): readonly Part[] {
  const { past, test } = dataset.split
  if (test.length > 0) {
    const part = divide(
      test.join(' '),
      indicesWhere(dataset, (vendor) => past.includes(vendor)),
      indicesWhere(dataset, (vendor) => test.includes(vendor)),
    )
    if (part.learn.length < fewest || part.test.length < fewest)
      throw new DatasetInvalid(`there are fewer than ${fewest} texts before or in ${part.name}`)
    return [part]
  }
  const texts = indicesWhere(dataset, () => true).length
  if (texts < folds * fewest) throw new DatasetInvalid(`it needs ${folds * fewest} texts or more; it has ${texts}`)
  const fold = foldsOf(dataset)
  return Array.from({ length: folds }, (_, own) => {
    const random = seededRandom(own + 1)
    const others = shuffled(
      indicesWhere(dataset, (_vendor, index) => fold[index] !== own),
      random,
    )
    return divide(
      `fold ${own + 1}`,
      others,
      indicesWhere(dataset, (_vendor, index) => fold[index] === own),
    )
  })
}

/** At most `count` examples of each label, drawn with a seed. */
export function fewOf(
  dataset: TextDataset,
  indices: readonly number[],
  draw: { readonly count: number; readonly seed: number },
): readonly number[] {
  const mixed = shuffled(indices, seededRandom(draw.seed))
  return dataset.labels.flatMap((label) =>
    mixed.filter((index) => dataset.examples[index]?.label === label).slice(0, draw.count),
  )
}
