import { quantile } from '../../../../domain/quantile.ts'
import type { Dataset } from '../../../encoder-head/dataset.ts'
import { indicesWhere, isOfPeople } from '../../../datasets/examples.ts'
import type { Tensor2D, Tf } from '../../../tensorflow.ts'
import { nearest, standardise, type Scale } from '../../../encoder-head/nearest.ts'
import { training } from '../training/training.ts'

/** Where a vendor's examples are in a dataset. */
export const indicesOf = (dataset: Dataset, vendor: string): readonly number[] =>
  indicesWhere(dataset, (example) => example.vendor === vendor)

interface Split {
  readonly vendor: string
  /** The scale of the head that was trained without the vendor. */
  readonly scale: Scale
}

/** Distances of a vendor's pictures to those of all others. */
async function distancesOf(
  tf: Tf,
  dataset: Dataset,
  split: Split & { readonly features: Tensor2D },
): Promise<readonly number[]> {
  const own = indicesOf(dataset, split.vendor)
  const others = indicesWhere(dataset, (example) => example.vendor !== split.vendor && !isOfPeople(example))
  const [queries, references] = [own, others].map((indices) =>
    tf.tidy(() => standardise(tf, tf.gather(split.features, tf.tensor1d([...indices], 'int32')), split.scale)),
  ) as [Tensor2D, Tensor2D]
  const found = await nearest(tf, { queries, references }, training.neighbours)
  tf.dispose([queries, references])
  return found.map(({ distances }) => distances.at(-1) ?? Infinity)
}

/** How far pictures of a vendor that was left out are from all others: the threshold of what counts as known. */
export async function measureDistances(
  tf: Tf,
  dataset: Dataset,
  options: { readonly vendors: readonly string[]; readonly scaleWithout: (vendor: string) => Scale },
): Promise<{ readonly threshold: number; readonly shareOf: (vendor: string) => number }> {
  const features = tf.tensor2d(dataset.embeddings, [dataset.examples.length, dataset.backbone.width])
  const distances = new Map<string, readonly number[]>()
  try {
    for (const vendor of options.vendors) {
      const scale = options.scaleWithout(vendor)
      distances.set(vendor, await distancesOf(tf, dataset, { vendor, scale, features }))
    }
  } finally {
    features.dispose()
  }
  const threshold = quantile([...distances.values()].flat(), training.knownShare)
  const shareOf = (vendor: string) => {
    const own = distances.get(vendor) ?? []
    return own.filter((distance) => distance <= threshold).length / own.length
  }
  return { threshold, shareOf }
}
