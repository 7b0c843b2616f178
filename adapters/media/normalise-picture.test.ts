import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { lockDownSharp } from './normalise-picture.ts'

const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16"/></svg>'
const picture = () => sharp({ create: { width: 16, height: 16, channels: 3, background: '#48c' } })
const unpacks = (bytes: Uint8Array) =>
  sharp(bytes)
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    )

describe('lockDownSharp', () => {
  it('leaves libvips the loaders of four formats, where there were more before', async () => {
    const blocked = [
      Buffer.from(drawing),
      await picture().tiff().toBuffer(),
      await picture().avif({ effort: 0 }).toBuffer(),
    ]
    const kept = [
      await picture().jpeg().toBuffer(),
      await picture().png().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().gif().toBuffer(),
    ]
    assert.deepEqual(await Promise.all(blocked.map(unpacks)), [true, true, true])
    lockDownSharp()
    assert.deepEqual(await Promise.all(blocked.map(unpacks)), [false, false, false])
    assert.deepEqual(await Promise.all(kept.map(unpacks)), [true, true, true, true])
  })
})
