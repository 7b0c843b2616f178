import sharp from 'sharp'
import type { RefusalCode } from '../../domain/refusals.ts'
import type { Picture } from '../support/platforms/platform.ts'
import { asPicture, drawnPerson } from './pictures.ts'

/** Something attached to a message that gets a refusal, and which one; without a picture nothing is attached. */
export interface BadInput {
  readonly what: string
  readonly refusal: RefusalCode
  readonly picture?: Picture
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>'

/** 10,000 × 10,000 white pixels: a few kilobytes that unpack to 300 megabytes. */
const bomb = (): Promise<Buffer> =>
  sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#ffffff' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer()

/** A picture by its first bytes, and then 50 megabytes of nothing. */
function fiftyMegabytes(start: Buffer): Buffer {
  const bytes = Buffer.alloc(50_000_000)
  start.copy(bytes)
  return bytes
}

/** Every kind of bad input that is the same on both platforms. */
export async function badInputs(): Promise<readonly BadInput[]> {
  const sound = await drawnPerson('bad pictures')
  const attached = (what: string, refusal: RefusalCode, picture: Picture): BadInput => ({ what, refusal, picture })
  return [
    { what: 'no picture', refusal: 'no-picture' },
    attached('a text', 'not-a-picture', {
      ...asPicture('poem.png', Buffer.from('Roses are red, this is no picture.')),
    }),
    attached('an SVG', 'not-a-picture', asPicture('drawing.svg', Buffer.from(svg))),
    attached('half a picture', 'unreadable', asPicture('half.png', sound.subarray(0, sound.byteLength / 2))),
    attached('a bomb of 100 megapixels', 'too-many-pixels', asPicture('bomb.png', await bomb())),
    attached('50 megabytes', 'too-large', asPicture('large.png', fiftyMegabytes(sound))),
  ]
}
