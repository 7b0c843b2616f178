import { weightOf } from './mobilenet-v2.ts'
import type { NamedWeights } from './nsfw-package.ts'
import { moderationClasses, type ModerationScores } from './verdict.ts'

type Layer = (input: Float32Array) => Float32Array

/** `input · matrix + bias`; the matrix is [in, out]. */
function dense(weights: NamedWeights, name: string): Layer {
  const matrix = weightOf(weights, `${name}/kernel`).values
  const bias = weightOf(weights, `${name}/bias`).values
  return (input) => {
    const output = Float32Array.from(bias)
    const width = output.length
    for (const [row, value] of input.entries())
      for (let column = 0; column < width; column += 1)
        output[column] = (output[column] ?? 0) + value * (matrix[row * width + column] ?? 0)
    return output
  }
}

const relu: Layer = (values) => values.map((value) => Math.max(0, value))

function softmax(values: Float32Array): readonly number[] {
  const highest = Math.max(...values)
  const powers = Array.from(values, (value) => Math.exp(value - highest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/**
 * The head that nsfwjs was trained with: 1280 → 256 → 128 → 5. In plain JavaScript: it is a thousandth of the network's work.
 * @throws ModelNotReady when a weight is missing.
 */
export function originalHead(weights: NamedWeights): (features: Float32Array) => ModerationScores {
  const [first, second, third] = ['dense_1', 'dense_2', 'dense_3'].map((name) => dense(weights, name)) as [
    Layer,
    Layer,
    Layer,
  ]
  return (features) => {
    const probabilities = softmax(third(relu(second(relu(first(features))))))
    return Object.fromEntries(
      moderationClasses.map((name, index) => [name, probabilities[index] ?? Number.NaN]),
    ) as ModerationScores
  }
}
