import type { Tensor2D, Tf } from '../tensorflow.ts'

/** Standardised features: ((x − mean) / deviation). */
export interface Scale {
  readonly mean: Float32Array
  readonly deviation: Float32Array
}

/** Per query its nearest references, nearest first. */
export interface Nearest {
  readonly indices: readonly number[]
  /** Euclidean, in standardised features. */
  readonly distances: readonly number[]
}

export const standardise = (tf: Tf, features: Tensor2D, scale: Scale): Tensor2D =>
  tf.div(tf.sub(features, tf.tensor1d(scale.mean)), tf.tensor1d(scale.deviation))

/**
 * The `count` nearest references of each query, both standardised: |a − b|² = |a|² − 2ab + |b|².
 * @returns one entry per query; fewer than `count` neighbours when there are fewer references.
 */
export async function nearest(
  tf: Tf,
  tables: { readonly queries: Tensor2D; readonly references: Tensor2D },
  count: number,
): Promise<readonly Nearest[]> {
  const { queries, references } = tables
  const wanted = Math.min(count, references.shape[0])
  const found = tf.tidy(() => {
    const squares = (table: Tensor2D) => tf.sum(tf.square(table), 1, true)
    const products = tf.matMul(queries, references, false, true)
    const squared = tf.add(tf.sub(squares(queries), tf.mul(products, 2)), tf.transpose(squares(references)))
    return tf.topk(tf.neg(tf.sqrt(tf.maximum(squared, 0))), wanted)
  })
  const [negated, indices] = await Promise.all([found.values.data(), found.indices.data()])
  tf.dispose([found.values, found.indices])
  return Array.from({ length: queries.shape[0] }, (_, query) => {
    const row = (table: ArrayLike<number>) =>
      Array.from({ length: wanted }, (_unused, at) => table[query * wanted + at] ?? 0)
    return { indices: row(indices), distances: row(negated).map((value) => -value) }
  })
}
