import { NotANumber, type Checkpoints } from '../../../training/task.ts'
import type { Tensor, Tensor2D, Tf } from '../../../tensorflow.ts'
import { adam } from '../training/adam.ts'
import { flags, shares, type Examples } from '../training/plans.ts'
import { bytesOfState, startOf, stateOfBytes, tensorsOf, type State, type Stated } from '../training/training-state.ts'

/** A multinomial logistic regression on standardised features: logits = ((x − mean) / deviation) · matrix + bias. */
export interface Head {
  readonly mean: Float32Array
  readonly deviation: Float32Array
  /** [width, labels] row by row. */
  readonly matrix: Float32Array
  readonly bias: Float32Array
}

export interface TrainingOptions {
  /** Not 0. */
  readonly seed: number
  readonly steps: number
  readonly learningRate: number
  /** The factor of Σ w² / 2 in the loss. */
  readonly l2: number
  readonly onStep?: (step: number, loss: number) => void
  readonly signal?: AbortSignal
  readonly checkpoints?: Checkpoints
}

/** A head, and what it says about every example, those that it was not trained on included: [count, labels]. */
export interface TrainedHead {
  readonly head: Head
  readonly logits: Float32Array
}

/** Each head's columns beside each other: column `h · labels + k` is label k of head h. */
const repeatColumns = (tf: Tf, perHead: Tensor2D, labels: number): Tensor2D => {
  const [rows, heads] = perHead.shape
  return tf.tile(perHead.expandDims(2), [1, 1, labels]).reshape([rows, heads * labels])
}

interface Prepared {
  readonly features: Tensor2D
  /** [count, heads, labels]: 1 at the truth. */
  readonly truths: Tensor
  /** [count, heads, 1]. */
  readonly shares: Tensor
  /** [width, heads · labels]. */
  readonly inverseDeviation: Tensor2D
  readonly mean: Tensor2D
}

function prepare(tf: Tf, examples: Examples, plans: readonly (readonly number[])[]): Prepared {
  const { features, width, truths, labels } = examples
  const count = truths.length
  const x = tf.tensor2d(features, [count, width])
  const masks = tf.tensor2d(plans.map((used) => flags(used, count)))
  const sizes = tf.tensor2d(plans.map((used) => [used.length]))
  const mean = tf.div<Tensor2D>(tf.matMul(masks, x), sizes)
  const spread = tf.sub(tf.div(tf.matMul(masks, tf.square(x)), sizes), tf.square(mean))
  const deviation = tf.sqrt<Tensor2D>(tf.maximum(spread, 1e-6))
  const share = tf.tensor2d(plans.map((used) => shares(examples, used)) as unknown as number[][])
  return {
    features: x,
    truths: tf
      .oneHot(tf.tensor1d([...truths], 'int32'), labels)
      .toFloat()
      .expandDims(1),
    shares: share.transpose().expandDims(2),
    inverseDeviation: repeatColumns(tf, tf.transpose(tf.reciprocal(deviation)), labels),
    mean: repeatColumns(tf, tf.transpose(mean), labels),
  }
}

/** Logits of every head for every example; the standardisation is folded into the matrix, so that X is read once for all heads. */
function logitsOf(tf: Tf, data: Prepared, matrix: Tensor, bias: Tensor): Tensor2D {
  const scaled = tf.mul<Tensor2D>(matrix, data.inverseDeviation)
  const shift = tf.sub(bias, tf.sum(tf.mul(scaled, data.mean), 0))
  return tf.add<Tensor2D>(tf.matMul(data.features, scaled), shift)
}

function gradients(tf: Tf, data: Prepared, state: State, options: { readonly l2: number; readonly labels: number }) {
  const logits = logitsOf(tf, data, state.matrix.value, state.bias.value)
  const [count, columns] = logits.shape
  const perHead = logits.reshape([count, columns / options.labels, options.labels])
  const probabilities = tf.softmax(perHead)
  const loss = tf.neg(tf.sum(tf.mul(data.shares, tf.mul(data.truths, tf.logSoftmax(perHead)))))
  const residual = tf.mul<Tensor2D>(tf.sub(probabilities, data.truths), data.shares).reshape([count, columns])
  const bias = tf.sum(residual, 0)
  const raw = tf.sub(tf.matMul(data.features, residual, true), tf.mul(data.mean, bias))
  const matrix = tf.add(tf.mul(raw, data.inverseDeviation), tf.mul(state.matrix.value, options.l2))
  return { matrix, bias, loss }
}

function takeStep(
  tf: Tf,
  data: Prepared,
  state: State,
  options: TrainingOptions & { readonly labels: number; readonly step: number },
) {
  const { state: next, loss } = tf.tidy(() => {
    const gradient = gradients(tf, data, state, options)
    // Half a cosine down to nothing, so that full-batch Adam settles instead of circling.
    const rate = options.learningRate * 0.5 * (1 + Math.cos((Math.PI * (options.step - 1)) / options.steps))
    const at = { step: options.step, rate }
    const after = { matrix: adam(tf, state.matrix, gradient.matrix, at), bias: adam(tf, state.bias, gradient.bias, at) }
    return { state: after as never, loss: gradient.loss }
  }) as { state: State; loss: Tensor }
  tf.dispose(tensorsOf(state))
  return { state: next, loss }
}

/** @throws NotANumber */
async function lossOf(taken: { readonly loss: Tensor }, step: number): Promise<number> {
  const [loss = NaN] = await taken.loss.data()
  if (!Number.isFinite(loss)) throw new NotANumber(`at step ${step}`)
  return loss
}

/** Tells how far it is, and keeps the state when it is time to. */
async function look(
  taken: { readonly state: State; readonly loss: Tensor },
  { step, steps, onStep, checkpoints }: TrainingOptions & { readonly step: number },
): Promise<void> {
  const tells = step % 20 === 0 || step === steps
  const keeps = checkpoints?.isDue() === true
  if (!tells && !keeps) return
  const loss = await lossOf(taken, step)
  if (tells) onStep?.(step, loss)
  if (keeps) await checkpoints.save({ step, of: steps, loss }, await bytesOfState({ step, state: taken.state }))
}

async function minimise(tf: Tf, data: Prepared, start: Stated, options: TrainingOptions & { readonly labels: number }) {
  let { state } = start
  try {
    for (let step = start.step + 1; step <= options.steps; step += 1) {
      options.signal?.throwIfAborted()
      const taken = takeStep(tf, data, state, { ...options, step })
      state = taken.state
      await look(taken, { ...options, step }).finally(() => taken.loss.dispose())
    }
    return state
  } catch (error) {
    tf.dispose(tensorsOf(state))
    throw error
  }
}

async function headsOf(tf: Tf, data: Prepared, state: State, labels: number): Promise<readonly TrainedHead[]> {
  const logits = tf.tidy(() => logitsOf(tf, data, state.matrix.value, state.bias.value))
  const tables = [data.mean, data.inverseDeviation, state.matrix.value, logits]
  const [mean, inverse, matrix, said] = (await Promise.all(tables.map((table) => table.data()))) as Float32Array[]
  const bias = (await state.bias.value.data()) as Float32Array
  logits.dispose()
  const heads = bias.length / labels
  const columns = (table: Float32Array | undefined, from: number, width: number) =>
    columnsOf(table ?? new Float32Array(), { all: bias.length, from, width })
  return Array.from({ length: heads }, (_, head) => ({
    head: {
      mean: columns(mean, head * labels, 1),
      deviation: columns(inverse, head * labels, 1).map((value) => 1 / value),
      matrix: columns(matrix, head * labels, labels),
      bias: bias.slice(head * labels, (head + 1) * labels),
    },
    logits: columns(said, head * labels, labels),
  }))
}

function columnsOf(table: Float32Array, cut: { readonly all: number; readonly from: number; readonly width: number }) {
  const rows = table.length / cut.all
  const values = new Float32Array(rows * cut.width)
  for (let row = 0; row < rows; row += 1)
    values.set(table.subarray(row * cut.all + cut.from, row * cut.all + cut.from + cut.width), row * cut.width)
  return values
}

/**
 * Trains several heads on the same examples at once, each on the examples whose indices its plan lists: one matrix product
 * a step serves them all, so leaving every vendor out in turn costs little more than one training. Full batches, no
 * shuffling: the same seed on the same machine type gives the same numbers, also when it goes on from a checkpoint.
 * @throws NotANumber, or the signal's reason when it is aborted.
 */
export async function trainHeads(
  tf: Tf,
  examples: Examples,
  options: TrainingOptions & { readonly plans: readonly (readonly number[])[] },
): Promise<readonly TrainedHead[]> {
  const { labels, width } = examples
  const data = tf.tidy(() => prepare(tf, examples, options.plans) as never) as Prepared
  let state: State | undefined
  try {
    const shape = { width, columns: options.plans.length * labels }
    const start = stateOfBytes(tf, options.checkpoints?.saved, shape) ?? startOf(tf, shape, options.seed)
    state = await minimise(tf, data, start, { ...options, labels })
    return await headsOf(tf, data, state, labels)
  } finally {
    tf.dispose([data.features, data.truths, data.shares, data.inverseDeviation, data.mean])
    if (state !== undefined) tf.dispose(tensorsOf(state))
  }
}
