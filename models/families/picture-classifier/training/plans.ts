import { balancedWeights } from '../../../../domain/model/calibration.ts'

/** Examples as numbers: `features` is [count, width] row by row, `truths` the index of each one's label. */
export interface Examples {
  readonly features: Float32Array
  readonly width: number
  readonly truths: readonly number[]
  /** How much each example counts beside the balance of labels. */
  readonly weights: readonly number[]
  readonly labels: number
}

/** Per head and example how much it counts: balanced over labels, 0 where the head must not look, 1 in sum. */
export function shares(examples: Examples, used: readonly number[]): Float32Array {
  const share = new Float32Array(examples.truths.length)
  const balance = balancedWeights(used.map((index) => examples.truths[index] ?? 0))
  const raw = used.map((index, at) => (balance[at] ?? 0) * (examples.weights[index] ?? 0))
  const sum = raw.reduce((total, weight) => total + weight, 0)
  for (const [at, index] of used.entries()) share[index] = (raw[at] ?? 0) / sum
  return share
}

/** 1 at the examples that are used, 0 elsewhere. */
export const flags = (used: readonly number[], count: number): number[] => {
  const row = new Array<number>(count).fill(0)
  for (const index of used) row[index] = 1
  return row
}
