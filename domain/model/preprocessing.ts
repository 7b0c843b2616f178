/** What a model asks of an input that people send. */
export interface ModelInput {
  readonly kind: 'picture' | 'text'
  /** What the input has to have become before the model reads it. */
  readonly preprocessingVersion: string
  /** Whether it is judged first if others may see it. */
  readonly moderated: boolean
}

/**
 * What a picture becomes before a model reads it: EXIF-rotated, in sRGB, flattened on white, resized to fit inside the square
 * (lanczos3, `contain`, white around it), RGB bytes row by row. A change of the rule is a new version.
 */
export const pictureInput = {
  version: 'picture-224-rgb-v1',
  /** Side of the square, in pixels. */
  size: 224,
  channels: 3,
  /** `size * size * channels`. */
  byteLength: 150528,
} as const

/** What a text becomes before a model reads it, as UTF-8 bytes. A change of the rule is a new version. */
export const textInput = {
  version: 'text-v1',
  /** Longer texts are cut; the encoder reads far less. */
  longest: 2_000,
} as const

/** Characters that are not seen: controls, zero-width and direction marks, variation selectors. */
const unseen = /[\p{Cc}\p{Cf}\u{fe00}-\u{fe0f}]/gu

/** One line in NFKC, without characters that are not seen, without spaces around it, and not too long. */
export const normaliseText = (text: string): string =>
  Array.from(text.normalize('NFKC').replaceAll(/\s+/g, ' ').replaceAll(unseen, '').trim())
    .slice(0, textInput.longest)
    .join('')
    .trim()
