import { isExamplePicture } from '../../store/learning/datasets/example-inputs.ts'
import { isShown } from '../../store/messages/moderation.ts'
import type { OperatorDeps } from './context.ts'

const widest = 1024

/**
 * A stored picture that may be shown, made anew, so that no byte of the original reaches a browser; `undefined` when there is none,
 * or it is not to be shown.
 */
export async function pictureOf({ db, blobs }: OperatorDeps, sha256: string): Promise<Uint8Array | undefined> {
  if (!(await isShown(db, sha256)) && !(await isExamplePicture(db, sha256))) return undefined
  const original = await blobs.get(sha256).catch(() => undefined)
  if (original === undefined) return undefined
  // Loaded with the first picture that is looked at: the doors open a quarter of a second sooner without it.
  const { default: sharp } = await import('sharp')
  return sharp(original, { limitInputPixels: 50_000_000, failOn: 'error' })
    .rotate()
    .resize({ width: widest, height: widest, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()
}
