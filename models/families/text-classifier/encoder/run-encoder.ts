import type { EncoderLayer, Normalisation, Projection, TextNetwork } from '../../../networks/minilm.ts'
import type { Weight } from '../../../pytorch/pytorch-file.ts'
import type { Tensor, Tensorflow, Tf } from '../../../tensorflow.ts'

/** A text network whose weights are loaded. */
export interface RunningEncoder {
  /** Token ids of texts, one batch. @returns one unit vector of `width` numbers per text. */
  run(texts: readonly Int32Array[]): Promise<readonly Float32Array[]>
  dispose(): void
}

type Loaded<Part> = Part extends Weight ? Tensor : { readonly [Key in keyof Part]: Loaded<Part[Key]> }
type LoadedLayer = Loaded<EncoderLayer>

const upload = (tf: Tf, weight: Weight): Tensor => tf.tensor(weight.values, [...weight.shape])
const uploadProjection = (tf: Tf, part: Projection): Loaded<Projection> => ({
  matrix: upload(tf, part.matrix),
  bias: upload(tf, part.bias),
})
const uploadNormalisation = (tf: Tf, part: Normalisation): Loaded<Normalisation> => ({
  scale: upload(tf, part.scale),
  shift: upload(tf, part.shift),
})
const uploadLayer = (tf: Tf, layer: EncoderLayer): LoadedLayer => ({
  attention: uploadProjection(tf, layer.attention),
  attentionOutput: uploadProjection(tf, layer.attentionOutput),
  attentionNormalisation: uploadNormalisation(tf, layer.attentionNormalisation),
  inner: uploadProjection(tf, layer.inner),
  output: uploadProjection(tf, layer.output),
  outputNormalisation: uploadNormalisation(tf, layer.outputNormalisation),
})

interface Model {
  readonly network: TextNetwork
  readonly words: Tensor
  readonly positions: Tensor
  readonly normalisation: Loaded<Normalisation>
  readonly layers: readonly LoadedLayer[]
}

const project = (tf: Tf, rows: Tensor, { matrix, bias }: Loaded<Projection>): Tensor =>
  tf.add(tf.matMul(rows, matrix), bias)

function normalise(tf: Tf, rows: Tensor, { scale, shift }: Loaded<Normalisation>, epsilon: number): Tensor {
  const centred = tf.sub(rows, tf.mean(rows, -1, true))
  const variance = tf.mean(tf.square(centred), -1, true)
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), shift)
}

/** x · Φ(x), with the error function itself and not its usual approximation. */
const gelu = (tf: Tf, x: Tensor): Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))

interface Shape {
  readonly texts: number
  readonly tokens: number
  readonly width: number
  readonly heads: number
}

/** Every token looks at the tokens of its own text; `penalty` keeps it from padding. */
function attend(tf: Tf, mixed: Tensor, penalty: Tensor, { texts, tokens, width, heads }: Shape): Tensor {
  const size = width / heads
  const [query, key, value] = tf
    .unstack(tf.transpose(tf.reshape(mixed, [texts, tokens, 3, heads, size]), [2, 0, 3, 1, 4]))
    .map((part) => part) as [Tensor, Tensor, Tensor]
  const scores = tf.add(tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size)), penalty)
  return tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), value), [0, 2, 1, 3]), [texts * tokens, width])
}

function forward(tf: Tf, { network, ...model }: Model, ids: Tensor, mask: Tensor): Tensor {
  const [texts = 0, tokens = 0] = ids.shape
  const { width, heads, epsilon } = network
  const words = tf.gather(model.words, tf.cast(ids, 'int32'))
  const placed = tf.add(words, tf.slice(model.positions, [0, 0], [tokens, width]))
  const penalty = tf.reshape(tf.mul(tf.sub(mask, 1), 1e9), [texts, 1, 1, tokens])
  let x = normalise(tf, tf.reshape(placed, [texts * tokens, width]), model.normalisation, epsilon)
  for (const layer of model.layers) {
    const before = x
    x = tf.tidy(() => {
      const attended = attend(tf, project(tf, before, layer.attention), penalty, { texts, tokens, width, heads })
      const looked = tf.add(project(tf, attended, layer.attentionOutput), before)
      const middle = normalise(tf, looked, layer.attentionNormalisation, epsilon)
      const inner = gelu(tf, project(tf, middle, layer.inner))
      return normalise(tf, tf.add(project(tf, inner, layer.output), middle), layer.outputNormalisation, epsilon)
    })
    before.dispose()
  }
  const weights = tf.expandDims(mask, 2)
  const sum = tf.sum(tf.mul(tf.reshape(x, [texts, tokens, width]), weights), 1)
  // The mean and the sum point the same way, and only the direction is left after this.
  return tf.div(sum, tf.maximum(tf.norm(sum, 2, 1, true), 1e-12))
}

function pack(texts: readonly Int32Array[]) {
  const tokens = Math.max(...texts.map(({ length }) => length))
  const ids = new Int32Array(texts.length * tokens)
  const mask = new Float32Array(texts.length * tokens)
  for (const [row, text] of texts.entries()) {
    ids.set(text, row * tokens)
    mask.fill(1, row * tokens, row * tokens + text.length)
  }
  return { ids, mask, shape: [texts.length, tokens] as [number, number] }
}

/** Loads a text network's weights; it runs operation by operation on whatever TensorFlow there is. */
export function runEncoder({ tf }: Tensorflow, network: TextNetwork): RunningEncoder {
  const model: Model = {
    network,
    words: upload(tf, network.words),
    positions: upload(tf, network.positions),
    normalisation: uploadNormalisation(tf, network.normalisation),
    layers: network.layers.map((layer) => uploadLayer(tf, layer)),
  }
  return {
    run: async (texts) => {
      if (texts.length === 0) return []
      const { ids, mask, shape } = pack(texts)
      const result = tf.tidy(() => forward(tf, model, tf.tensor2d(ids, shape, 'int32'), tf.tensor2d(mask, shape)))
      const values = (await result.data()) as Float32Array
      result.dispose()
      return texts.map((_, row) => values.slice(row * network.width, (row + 1) * network.width))
    },
    dispose: () => tf.dispose([model.words, model.positions, model.normalisation, model.layers] as never),
  }
}
