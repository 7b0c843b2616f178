import { bytesOfNumbers, numbersOfBytes } from '../../../files.ts'
import { normal, seededRandom } from '../../../../domain/model/seeded-random.ts'
import type { Tensor, Tf } from '../../../tensorflow.ts'
import { startAt, tensorsOfParameter, type Parameter } from './adam.ts'

export interface State {
  readonly matrix: Parameter
  readonly bias: Parameter
}

/** The state after so many steps. */
export interface Stated {
  readonly step: number
  readonly state: State
}

interface Shape {
  readonly width: number
  readonly columns: number
}

/** Small seeded numbers to start from. The loss is convex, so the seed moves the result by rounding only. */
export function startOf(tf: Tf, { width, columns }: Shape, seed: number): Stated {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: width * columns }, () => 1e-3 * normal(random))
  const state = { matrix: startAt(tf, tf.tensor2d(values, [width, columns])), bias: startAt(tf, tf.zeros([columns])) }
  return { step: 0, state }
}

export const tensorsOf = (state: State): Tensor[] => [state.matrix, state.bias].flatMap(tensorsOfParameter)

/** The step, then the numbers of both parameters: exactly what is needed to go on. */
export async function bytesOfState({ step, state }: Stated): Promise<Uint8Array> {
  const tables = (await Promise.all(tensorsOf(state).map((tensor) => tensor.data()))) as Float32Array[]
  return bytesOfNumbers([Float32Array.of(step), ...tables])
}

/** What `bytesOfState` wrote; `undefined` when it is not of this shape. */
export function stateOfBytes(tf: Tf, bytes: Uint8Array | undefined, { width, columns }: Shape): Stated | undefined {
  if (bytes?.byteLength !== 4 * (1 + 3 * (width + 1) * columns)) return undefined
  const numbers = numbersOfBytes(bytes)
  const [step = 0] = numbers
  let at = 1
  const next = (shape: [number] | [number, number]): Tensor => {
    const length = shape.reduce((product, size) => product * size, 1)
    at += length
    return tf.tensor(numbers.slice(at - length, at), shape)
  }
  const parameter = (shape: [number] | [number, number]): Parameter => ({
    value: next(shape),
    first: next(shape),
    second: next(shape),
  })
  return { step, state: { matrix: parameter([width, columns]), bias: parameter([columns]) } }
}
