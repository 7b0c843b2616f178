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
