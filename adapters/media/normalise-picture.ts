import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { InputRefused } from '../../domain/errors.ts'
import { pictureInput } from '../../domain/model/preprocessing.ts'

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif'

export interface DecodedPicture {
  /** RGB bytes, row by row, `pictureInput.size` squared, as the preprocessing version says. */
  readonly pixels: Uint8Array
  readonly format: PictureFormat
  /** Pixels of the original, after its EXIF rotation. */
  readonly width: number
  readonly height: number
}

/** More pixels than this are never unpacked. */
const maxPixels = 25_000_000

/** What the magic bytes are called; an animated PNG is a PNG whose first picture is shown. */
const formatOfExtension: Readonly<Record<string, PictureFormat>> = {
  jpg: 'jpeg',
  png: 'png',
  apng: 'png',
  webp: 'webp',
  gif: 'gif',
}

/** Leaves libvips four loaders, and this process one thread and no cache. Call it once, before the first picture. */
export function lockDownSharp(): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
  })
  sharp.concurrency(1)
  sharp.cache(false)
}

async function formatOf(bytes: Uint8Array): Promise<PictureFormat> {
  const type = await fileTypeFromBuffer(bytes)
  const format = type && formatOfExtension[type.ext]
  if (format === undefined) throw new InputRefused('not-a-picture')
  return format
}

/** Width and height from the header alone, before anything is unpacked. */
async function sizeOf(bytes: Uint8Array) {
  const { autoOrient } = await sharp(bytes, { limitInputPixels: false, pages: 1, failOn: 'warning' }).metadata()
  if (autoOrient.width * autoOrient.height > maxPixels) throw new InputRefused('too-many-pixels')
  return autoOrient
}

const unpack = (bytes: Uint8Array): Promise<Buffer> =>
  sharp(bytes, { limitInputPixels: maxPixels, pages: 1, failOn: 'warning' })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({
      width: pictureInput.size,
      height: pictureInput.size,
      fit: 'contain',
      background: '#ffffff',
      kernel: 'lanczos3',
    })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer()

/**
 * Turns a picture's bytes into what models read. The caller has called `lockDownSharp` and runs in a process that may die.
 * @throws InputRefused `not-a-picture` by the magic bytes, `too-many-pixels` by the header, `unreadable` when it does not decode.
 */
export async function normalisePicture(bytes: Uint8Array): Promise<DecodedPicture> {
  const format = await formatOf(bytes)
  try {
    const { width, height } = await sizeOf(bytes)
    const pixels = await unpack(bytes)
    if (pixels.byteLength !== pictureInput.byteLength) throw new InputRefused('unreadable')
    return { pixels: new Uint8Array(pixels), format, width, height }
  } catch (error) {
    // libvips' message is left behind: it may quote what the file contains.
    throw error instanceof InputRefused ? error : new InputRefused('unreadable')
  }
}
