import { ModelNotReady } from '../../../domain/errors.ts'
import type { PictureBackbone } from './backbone.ts'
import type { Dataset } from '../../encoder-head/dataset.ts'

/** The columns of one cut in a row of the whole backbone. */
export interface Place {
  readonly from: number
  readonly to: number
}

/**
 * Where cuts lie in the rows of a backbone, in the order in which they are asked for.
 * @throws ModelNotReady when the backbone has no such cut.
 */
export function placesOf(backbone: Pick<PictureBackbone, 'cuts' | 'features'>, cuts: readonly string[]) {
  const ends = backbone.features.map((_, index) =>
    backbone.features.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
  )
  return cuts.map((cut): Place => {
    const at = backbone.cuts.indexOf(cut)
    const to = ends[at]
    if (to === undefined)
      throw new ModelNotReady(`the backbone has no output ${cut}; it has ${backbone.cuts.join(' and ')}`)
    return { from: to - (backbone.features[at] ?? 0), to }
  })
}

const widthOf = (places: readonly Place[]): number => places.reduce((sum, { from, to }) => sum + to - from, 0)

/** The columns of these places beside each other. */
export function cutRow(row: Float32Array, places: readonly Place[]): Float32Array {
  const [first] = places
  if (places.length === 1 && first !== undefined) return row.subarray(first.from, first.to)
  const cut = new Float32Array(widthOf(places))
  let at = 0
  for (const { from, to } of places) {
    cut.set(row.subarray(from, to), at)
    at += to - from
  }
  return cut
}

/**
 * The same examples as a version sees them that reads only some cuts: one forward pass serves all slots of a bot.
 * @throws ModelNotReady when the backbone has no such cut.
 */
export function cutDataset(
  dataset: Dataset,
  backbone: Pick<PictureBackbone, 'cuts' | 'features' | 'width'>,
  cuts: readonly string[] = backbone.cuts,
): Dataset {
  const places = placesOf(backbone, cuts)
  const width = widthOf(places)
  const embeddings = new Float32Array(dataset.examples.length * width)
  for (const index of dataset.examples.keys()) {
    const row = dataset.embeddings.subarray(index * backbone.width, (index + 1) * backbone.width)
    embeddings.set(cutRow(row, places), index * width)
  }
  return { ...dataset, backbone: { ...dataset.backbone, cuts: [...cuts], width }, embeddings }
}
