import { pictureInput } from '../domain/model/preprocessing.ts'
import type { Network, Operation } from './networks/network.ts'
import type { Weight } from './pytorch/pytorch-file.ts'
import type { Tensor, Tensor2D, Tensor4D, Tensorflow, Tf } from './tensorflow.ts'

/** A network whose weights are loaded. */
export interface RunningNetwork {
  /**
   * @param pictures normalised pictures, all of them one batch.
   * @param outputs names of the network's outputs.
   * @returns per picture one row: the outputs' features one after the other.
   * @throws TypeError when a picture has another length than the preprocessing version says.
   */
  run(pictures: readonly Uint8Array[], outputs: readonly string[]): Promise<readonly Float32Array[]>
  dispose(): void
}

interface Loaded {
  readonly operation: Operation
  readonly weights: readonly Tensor[]
}

const upload = (tf: Tf, weight: Weight): Tensor => tf.tensor(weight.values, [...weight.shape])

function weightsOf(operation: Operation): readonly Weight[] {
  switch (operation.kind) {
    case 'convolution':
    case 'depthwise':
      return [operation.filter, operation.bias]
    case 'dense':
      return [operation.matrix, operation.bias]
    case 'add':
    case 'global-mean':
      return []
  }
}

const inputsOf = (operation: Operation): readonly string[] =>
  operation.kind === 'add' ? [operation.from, operation.and] : [operation.from]

/** The operations that the outputs need, in order. */
function needed(loaded: readonly Loaded[], outputs: readonly string[]): readonly Loaded[] {
  const wanted = new Set(outputs)
  return loaded
    .toReversed()
    .filter(({ operation }) => {
      if (!wanted.has(operation.name)) return false
      for (const name of inputsOf(operation)) wanted.add(name)
      return true
    })
    .toReversed()
}

function apply(tf: Tf, { operation, weights }: Loaded, inputs: readonly Tensor[]): Tensor {
  const [x, other] = inputs as readonly [Tensor4D, Tensor4D]
  const [first, bias] = weights as readonly [Tensor4D, Tensor]
  switch (operation.kind) {
    case 'convolution':
    case 'depthwise': {
      const convolve = operation.kind === 'convolution' ? tf.fused.conv2d : tf.fused.depthwiseConv2d
      const { stride, activation } = operation
      return convolve({ x, filter: first, bias, strides: stride, pad: 'same', activation })
    }
    case 'add':
      return tf.add(x, other)
    case 'global-mean':
      return tf.mean(x, [1, 2])
    case 'dense':
      return tf.add(tf.matMul(x as Tensor, first as Tensor), bias)
  }
}

function forward(tf: Tf, plan: readonly Loaded[], input: Tensor, outputs: readonly string[]): Tensor {
  const values = new Map<string, Tensor>([['input', input]])
  const uses = new Map<string, number>(outputs.map((name) => [name, 1]))
  for (const { operation } of plan) for (const name of inputsOf(operation)) uses.set(name, (uses.get(name) ?? 0) + 1)
  for (const step of plan) {
    const names = inputsOf(step.operation)
    values.set(
      step.operation.name,
      apply(
        tf,
        step,
        names.map((name) => valueOf(values, name)),
      ),
    )
    for (const name of names) {
      const left = (uses.get(name) ?? 0) - 1
      uses.set(name, left)
      // Freed at their last use: a batch of 32 would otherwise hold a gigabyte of intermediate pictures.
      if (left === 0) valueOf(values, name).dispose()
    }
  }
  const rows = outputs.map((name) => valueOf(values, name) as Tensor2D)
  return rows.length === 1 ? valueOf(values, outputs[0] ?? '') : tf.concat(rows, 1)
}

function valueOf(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name)
  if (value === undefined) throw new TypeError(`the network has no ${name}`)
  return value
}

function pack(pictures: readonly Uint8Array[]): Float32Array {
  const values = new Float32Array(pictures.length * pictureInput.byteLength)
  for (const [index, picture] of pictures.entries()) {
    if (picture.length !== pictureInput.byteLength)
      throw new TypeError(`a normalised picture has ${pictureInput.byteLength} bytes, not ${picture.length}`)
    values.set(picture, index * pictureInput.byteLength)
  }
  return values
}

/** Cuts a table of numbers into copies of its rows. */
function rowsOf(values: Float32Array, count: number): readonly Float32Array[] {
  const width = values.length / count
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width))
}

/** Loads a network's weights; it runs operation by operation on whatever TensorFlow there is. */
export function runOpByOp({ tf }: Tensorflow, network: Network): RunningNetwork {
  const loaded = network.operations.map((operation) => ({
    operation,
    weights: weightsOf(operation).map((weight) => upload(tf, weight)),
  }))
  const { size, offset, scale } = network.input
  return {
    run: async (pictures, outputs) => {
      if (pictures.length === 0) return []
      const names = outputs.map((name) => network.outputs[name]?.operation ?? name)
      const values = pack(pictures)
      const result = tf.tidy(() => {
        const raw = tf.tensor4d(values, [pictures.length, size, size, pictureInput.channels])
        return forward(tf, needed(loaded, names), tf.div(tf.sub(raw, offset), scale), names)
      })
      try {
        return rowsOf((await result.data()) as Float32Array, pictures.length)
      } finally {
        result.dispose()
      }
    },
    dispose: () => tf.dispose(loaded.flatMap(({ weights }) => [...weights])),
  }
}
