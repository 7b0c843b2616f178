import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import { hammingDistance } from '../../datasets/near-duplicates.ts'
import { differenceHash } from './difference-hash.ts'

const { size, channels } = pictureInput

/** A picture whose grey depends on the place. */
function picture(greyAt: (x: number, y: number) => number): Uint8Array {
  const pixels = new Uint8Array(pictureInput.byteLength)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      pixels.fill(greyAt(x, y), (y * size + x) * channels, (y * size + x + 1) * channels)
  return pixels
}

const rings = (x: number, y: number) => 128 + 100 * Math.sin(Math.hypot(x - 80, y - 130) / 17)
const stripes = (x: number, y: number) => 128 + 100 * Math.sin((x + 2 * y) / 11)

describe('the difference hash of a picture', () => {
  it('is 64 bits, one for each cell that is brighter than its right neighbour', () => {
    assert.equal(differenceHash(picture((x) => 255 - x)), 'f'.repeat(16))
    assert.equal(differenceHash(picture((x) => x)), '0'.repeat(16))
    assert.equal(differenceHash(picture(() => 255)), '0'.repeat(16))
  })

  it('hardly moves with compression and brightness, and much with another picture', async () => {
    const original = picture(rings)
    const jpeg = await sharp(original, { raw: { width: size, height: size, channels } })
      .jpeg({ quality: 60 })
      .toBuffer()
    const compressed = new Uint8Array(await sharp(jpeg).removeAlpha().raw().toBuffer())
    const hash = differenceHash(original)
    assert.ok(hammingDistance(hash, differenceHash(compressed)) <= 3)
    assert.ok(hammingDistance(hash, differenceHash(picture((x, y) => rings(x, y) + 20))) <= 3)
    assert.ok(hammingDistance(hash, differenceHash(picture(stripes))) > 10)
  })

  it('refuses what is no normalised picture', () => {
    assert.throws(() => differenceHash(new Uint8Array(9)), TypeError)
  })
})
