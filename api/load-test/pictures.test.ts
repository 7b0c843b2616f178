import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { drawPicture } from './pictures.ts'

test('a made-up picture is a PNG that decodes, of a size like a photograph', async () => {
  const bytes = drawPicture(0)
  const { format, width, height, channels } = await sharp(bytes).metadata()
  assert.deepEqual({ format, width, height, channels }, { format: 'png', width: 256, height: 256, channels: 3 })
  await sharp(bytes, { failOn: 'warning' }).raw().toBuffer()
  assert.ok(bytes.byteLength > 30_000 && bytes.byteLength < 200_000, `${bytes.byteLength} bytes`)
})

test('the same number draws the same picture, another one another', () => {
  assert.deepEqual(drawPicture(3), drawPicture(3))
  assert.notDeepEqual(drawPicture(3), drawPicture(4))
})
