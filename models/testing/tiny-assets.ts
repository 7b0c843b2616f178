import type { Assets } from '../runtime/assets.ts'
import { pictureBackbone, sharedPictureBackbone } from '../families/picture-classifier/backbone.ts'
import { textEncoder } from '../families/text-classifier/encoder/encoder.ts'
import { tinyBackbone } from './small-dataset.ts'
import { tinyEncoder } from './small-texts.ts'

const tiny = new Map<unknown, unknown>([
  [pictureBackbone, tinyBackbone],
  [sharedPictureBackbone, { ...tinyBackbone, close: () => Promise.resolve() }],
  [textEncoder, tinyEncoder],
])

/** In the place of every frozen network one that is none. `others` are opened instead of those. */
export const tinyAssets = (others: ReadonlyMap<unknown, unknown> = new Map()): Pick<Assets, 'open'> => ({
  open: <Opened>(asset: unknown) => {
    const opened = others.get(asset) ?? tiny.get(asset)
    return opened === undefined
      ? Promise.reject(new Error('there is no tiny network for it'))
      : Promise.resolve(opened as Opened)
  },
})
