import type { Figures } from '../model/evaluation.ts'
import { type Random, seededRandom } from '../model/seeded-random.ts'
import { shareInterval } from './statistics/e-value.ts'

/** A share with its 95 % interval. */
export interface Estimate {
  readonly value: number
  readonly from: number
  readonly to: number
}

/** What an approver reads of held-out figures. */
export interface HeldSummary {
  /** With its Wilson interval. */
  readonly accuracy: Estimate
  /** The mean F1 of the labels that occur, with the percentiles of a seeded bootstrap. */
  readonly macroF1: Estimate
  /** The label whose examples are got wrong most often; absent without examples. */
  readonly worst?: { readonly label: string; readonly recall: number }
}

const resamples = 400

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0)

/** The mean over the labels that occur of 2·TP / (2·TP + FP + FN) (van Rijsbergen 1979); 0 when none occurs. */
export function macroF1(confusion: Figures['confusion']): number {
  const scores = confusion.flatMap((row, label) => {
    const support = sum(row)
    const said = sum(confusion.map((other) => other[label] ?? 0))
    return support === 0 ? [] : [(2 * (row[label] ?? 0)) / (support + said)]
  })
  return scores.length === 0 ? 0 : sum(scores) / scores.length
}

/** As many examples as there are, drawn from these with replacement, as a confusion matrix. */
function redrawn(confusion: Figures['confusion'], random: Random): Figures['confusion'] {
  const drawn = confusion.map((row) => row.map(() => 0))
  // The fullest first: most draws end there.
  const cells = confusion
    .flatMap((row, truth) => row.map((count, said) => ({ count, truth, said })))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count)
  const total = sum(cells.map(({ count }) => count))
  for (let example = 0; example < total; example += 1) {
    let left = random() * total
    const cell = cells.find(({ count }) => (left -= count) < 0)
    const row = cell && drawn[cell.truth]
    if (row) row[cell.said] = (row[cell.said] ?? 0) + 1
  }
  return drawn
}

/** How far the macro F1 moves by chance (Efron 1979). */
function bootstrapped(confusion: Figures['confusion']): Omit<Estimate, 'value'> {
  const random = seededRandom(1)
  const values = Array.from({ length: resamples }, () => macroF1(redrawn(confusion, random))).toSorted(
    (one, other) => one - other,
  )
  return { from: values[Math.floor(0.025 * resamples)] ?? 0, to: values[Math.ceil(0.975 * resamples) - 1] ?? 0 }
}

/** The label with the lowest recall. */
function worstOf({ confusion, support }: Figures, labels: readonly string[]): HeldSummary['worst'] {
  const recalls = labels.flatMap((label, at) => {
    const all = support[at] ?? 0
    return all === 0 ? [] : [{ label, recall: (confusion[at]?.[at] ?? 0) / all }]
  })
  return recalls.toSorted((one, other) => one.recall - other.recall)[0]
}

/** Sums held-out figures up; the same figures always give the same summary. */
export function heldSummary(figures: Figures, labels: readonly string[]): HeldSummary {
  const { accuracy, count, confusion } = figures
  const interval = shareInterval(Math.round(accuracy * count), count) ?? { from: 0, to: 1 }
  const worst = worstOf(figures, labels)
  return {
    accuracy: { value: accuracy, ...interval },
    macroF1: { value: macroF1(confusion), ...bootstrapped(confusion) },
    ...(worst !== undefined && { worst }),
  }
}
