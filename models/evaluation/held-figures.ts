import { figuresOf, mostLikely, type Figures } from '../../domain/model/evaluation.ts'
import type { ExamplePart } from '../../domain/learning/examples.ts'
import { type Example, type Examples, indicesWhere, partOfExample } from '../datasets/examples.ts'

/** How the version itself, calibrated, does on what it never learned from. The same in every family's `evaluation.json`. */
export interface HeldFigures {
  /** Base examples that are held out for the life of the bot; `null` without any. */
  readonly holdout: Figures | null
  readonly correctionHoldout: { readonly count: number; readonly right: number }
  readonly golden: {
    readonly total: number
    readonly right: number
    /** Ids of those that it gets wrong. */
    readonly wrong: readonly string[]
  }
}

/** @param probabilitiesOf one calibrated row per index, in their order. */
export function heldFiguresOf(
  dataset: Pick<Examples, 'labels' | 'examples'>,
  probabilitiesOf: (indices: readonly number[]) => readonly (readonly number[])[],
): HeldFigures {
  const judge = (part: ExamplePart) => {
    const indices = indicesWhere(dataset, (example) => partOfExample(example) === part)
    const rows = probabilitiesOf(indices)
    return dataset.examples
      .filter((example) => partOfExample(example) === part)
      .map((example: Example, at) => ({
        id: example.id,
        truth: dataset.labels.indexOf(example.label),
        probabilities: rows[at] ?? [],
      }))
  }
  const isRight = ({ truth, probabilities }: ReturnType<typeof judge>[number]) => mostLikely(probabilities) === truth
  const [holdout, corrections, golden] = [judge('holdout'), judge('correction-holdout'), judge('golden')]
  return {
    holdout: holdout.length === 0 ? null : figuresOf(holdout, dataset.labels.length),
    correctionHoldout: { count: corrections.length, right: corrections.filter(isRight).length },
    golden: {
      total: golden.length,
      right: golden.filter(isRight).length,
      wrong: golden.filter((one) => !isRight(one)).map(({ id }) => id),
    },
  }
}
