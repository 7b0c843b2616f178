/** One held-out judgement: what was said with which calibrated probabilities, and what is true. Labels are indices. */
export interface Outcome {
  readonly truth: number
  readonly probabilities: readonly number[]
}

export interface Figures {
  readonly count: number
  /** How many examples each label truly has. */
  readonly support: readonly number[]
  readonly accuracy: number
  /** The mean of the labels' recalls, over the labels that occur. */
  readonly balancedAccuracy: number
  /** The accuracy of always saying the most frequent label. */
  readonly majorityRate: number
  /** Expected calibration error over ten bins of confidence. */
  readonly ece: number
  /** Rows: truth; columns: what was said. */
  readonly confusion: readonly (readonly number[])[]
  /** Per label the area under its ROC curve against the rest; `null` when it, or the rest, does not occur. */
  readonly auc: readonly (number | null)[]
}

/** The index of the highest probability; the first of equals. */
export const mostLikely = (probabilities: readonly number[]): number =>
  probabilities.reduce((best, value, index) => (value > (probabilities[best] ?? -Infinity) ? index : best), 0)

/**
 * The probability that a positive is ranked above a negative, ties counting half (Mann–Whitney U).
 * @returns `null` when one of the two is missing.
 */
export function areaUnderCurve(
  ranked: readonly { readonly score: number; readonly positive: boolean }[],
): number | null {
  const sorted = ranked.toSorted((one, other) => one.score - other.score)
  const positives = sorted.filter(({ positive }) => positive).length
  const negatives = sorted.length - positives
  if (positives === 0 || negatives === 0) return null
  let rankSum = 0
  for (let start = 0; start < sorted.length;) {
    let end = start
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end += 1
    const tied = sorted.slice(start, end).filter(({ positive }) => positive).length
    rankSum += tied * ((start + 1 + end) / 2)
    start = end
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Answers of about the same confidence: their mean confidence, and how often they are right. */
export interface ReliabilityBin {
  readonly confidence: number
  readonly accuracy: number
  readonly count: number
}

const bins = 10

/** Ten bins of confidence from 0 to 1, those without answers left out: a reliability diagram (DeGroot and Fienberg 1983). */
export function reliabilityOf(outcomes: readonly Outcome[]): readonly ReliabilityBin[] {
  const judged = outcomes.map(({ truth, probabilities }) => {
    const said = mostLikely(probabilities)
    return { confidence: probabilities[said] ?? 0, right: said === truth ? 1 : 0 }
  })
  return Array.from({ length: bins }, (_, bin) =>
    judged.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin),
  )
    .filter((inside) => inside.length > 0)
    .map((inside) => ({
      confidence: inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length,
      accuracy: inside.reduce((sum, { right }) => sum + right, 0) / inside.length,
      count: inside.length,
    }))
}

/** Σ |confidence − accuracy| over bins of confidence, weighted by their size (Guo et al. 2017). */
export const expectedCalibrationError = (outcomes: readonly Outcome[]): number =>
  reliabilityOf(outcomes).reduce(
    (sum, { confidence, accuracy, count }) => sum + count * Math.abs(confidence - accuracy),
    0,
  ) / outcomes.length

/**
 * All figures of held-out judgements over `labels` labels.
 * @throws RangeError when there is none.
 */
export function figuresOf(outcomes: readonly Outcome[], labels: number): Figures {
  if (outcomes.length === 0) throw new RangeError('nothing was judged')
  const indices = Array.from({ length: labels }, (_, label) => label)
  const saidOf = outcomes.map(({ probabilities }) => mostLikely(probabilities))
  const confusion = indices.map((truth) =>
    indices.map((said) => outcomes.filter((outcome, at) => outcome.truth === truth && saidOf[at] === said).length),
  )
  const support = confusion.map((row) => row.reduce((sum, count) => sum + count, 0))
  const right = indices.map((label) => confusion[label]?.[label] ?? 0)
  const recalls = indices.flatMap((label) => {
    const all = support[label] ?? 0
    return all === 0 ? [] : [(right[label] ?? 0) / all]
  })
  return {
    count: outcomes.length,
    support,
    accuracy: right.reduce((sum, count) => sum + count, 0) / outcomes.length,
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    majorityRate: Math.max(...support) / outcomes.length,
    ece: expectedCalibrationError(outcomes),
    confusion,
    auc: indices.map((label) =>
      areaUnderCurve(
        outcomes.map(({ truth, probabilities }) => ({ score: probabilities[label] ?? 0, positive: truth === label })),
      ),
    ),
  }
}
