import { pictureInput } from '../../domain/model/preprocessing.ts'
import { normal, seededRandom } from '../../domain/model/seeded-random.ts'
import type { PictureBackbone } from '../families/picture-classifier/backbone.ts'
import type { RawExample } from '../datasets/examples.ts'

const features = [5, 3]
const width = 8

/** A backbone that is no network: the features are the picture's first bytes. */
export const tinyBackbone: PictureBackbone = {
  name: 'first-bytes',
  sha256: 'f'.repeat(64),
  cuts: ['first-five', 'next-three'],
  features,
  width,
  embed: (pictures) =>
    Promise.resolve(pictures.map((picture) => Float32Array.from(picture.subarray(0, width), (byte) => byte / 64))),
}

/** A picture whose features are the given numbers, 0 to 255. */
export function pictureOf(features: readonly number[]): Uint8Array {
  const picture = new Uint8Array(pictureInput.byteLength)
  picture.set(features.map((value) => Math.min(255, Math.max(0, Math.round(value)))))
  return picture
}

export const smallLabels = ['hat', 'no-hat'] as const

/** Examples of four vendors, each a little off; `hat` is bright in the first three features. */
export async function* smallExamples(perVendor = 24): AsyncGenerator<RawExample<Uint8Array>> {
  const random = seededRandom(3)
  for (const [place, vendor] of ['north', 'east', 'south', 'west'].entries())
    for (let index = 0; index < perVendor; index += 1) {
      const label = index % 3 === 0 ? 'hat' : 'no-hat'
      const centre = (feature: number) => 100 + place * 4 + (label === 'hat' && feature < 3 ? 60 : 0)
      const features = Array.from({ length: width }, (_, feature) => centre(feature) + 18 * normal(random))
      yield await Promise.resolve({ id: `${vendor}/${index}`, label, vendor, weight: 1, input: pictureOf(features) })
    }
}
