import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import sharp from 'sharp'
import { pictureInput } from '../../domain/model/preprocessing.ts'
import { createDecoder } from './decoder.ts'

const decoder = createDecoder()
after(() => decoder.close())

const { size } = pictureInput
const rgbAt = (pixels: Uint8Array, x: number, y: number) => [
  ...pixels.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
]
const near = (actual: readonly number[], expected: readonly number[], within: number) =>
  actual.every((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) <= within)
const farthest = (one: Uint8Array, other: Uint8Array) =>
  one.reduce((most, value, index) => Math.max(most, Math.abs(value - (other[index] ?? 0))), 0)

/** 320×160 RGB bytes: a gradient to the right in red, downwards in green, and a blue block in one corner. */
const width = 320
const height = 160
const drawing = Buffer.from(
  Array.from({ length: width * height }, (_, index) => {
    const x = index % width
    const y = Math.trunc(index / width)
    return [Math.trunc((x * 255) / width), Math.trunc((y * 255) / height), x < 40 && y < 40 ? 255 : 0]
  }).flat(),
)
const picture = () => sharp(drawing, { raw: { width, height, channels: 3 } })

/** Where the EXIF orientation stores the upright pixel (x, y) of this drawing (EXIF 2.3, tag 0x0112). */
const storedAt: readonly ((x: number, y: number) => readonly [number, number])[] = [
  (x, y) => [x, y],
  (x, y) => [width - 1 - x, y],
  (x, y) => [width - 1 - x, height - 1 - y],
  (x, y) => [x, height - 1 - y],
  (x, y) => [y, x],
  (x, y) => [y, width - 1 - x],
  (x, y) => [height - 1 - y, width - 1 - x],
  (x, y) => [height - 1 - y, x],
]

/** The drawing as a camera held in the given orientation (1 to 8) would store it. */
function storedAs(orientation: number) {
  const place = storedAt[orientation - 1]
  assert.ok(place)
  const [w, h] = orientation > 4 ? [height, width] : [width, height]
  const pixels = Buffer.alloc(drawing.length)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [column, row] = place(x, y)
      drawing.copy(pixels, (row * w + column) * 3, (y * width + x) * 3, (y * width + x) * 3 + 3)
    }
  return sharp(pixels, { raw: { width: w, height: h, channels: 3 } }).withMetadata({ orientation })
}

describe('decoding', () => {
  it('makes the same 224×224 RGB bytes of each of the four formats', async () => {
    const png = await decoder.decode(await picture().png().toBuffer())
    assert.equal(png.pixels.byteLength, pictureInput.byteLength)
    assert.deepEqual({ ...png, pixels: 0 }, { format: 'png', width, height, pixels: 0 })
    const others = {
      jpeg: await picture().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
      webp: await picture().webp({ quality: 95 }).toBuffer(),
      gif: await picture().gif().toBuffer(),
    }
    for (const [format, bytes] of Object.entries(others)) {
      const decoded = await decoder.decode(bytes)
      assert.deepEqual({ ...decoded, pixels: 0 }, { format, width, height, pixels: 0 })
      assert.ok(near(rgbAt(decoded.pixels, 112, 112), rgbAt(png.pixels, 112, 112), 12), format)
    }
  })

  it('keeps the shape of the picture, with white above and below it', async () => {
    const { pixels } = await decoder.decode(await picture().png().toBuffer())
    assert.deepEqual(
      [rgbAt(pixels, 112, 10), rgbAt(pixels, 112, 213)],
      [
        [255, 255, 255],
        [255, 255, 255],
      ],
    )
    assert.ok(near(rgbAt(pixels, 8, 64), [10, 12, 255], 12))
    assert.ok(near(rgbAt(pixels, 215, 160), [246, 232, 0], 12))
  })

  it('gives the same pixels and size for all eight EXIF orientations', async () => {
    const formats = [
      (orientation: number) => storedAs(orientation).png().toBuffer(),
      (orientation: number) => storedAs(orientation).webp({ lossless: true }).toBuffer(),
      (orientation: number) => storedAs(orientation).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer(),
    ]
    for (const encode of formats) {
      const upright = await decoder.decode(await encode(1))
      for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
        const turned = await decoder.decode(await encode(orientation))
        assert.deepEqual([turned.width, turned.height], [width, height])
        // Rows and columns are resized one after the other, so a quarter turn rounds differently here and there.
        assert.ok(farthest(turned.pixels, upright.pixels) <= 4, `${turned.format} ${orientation}`)
      }
    }
  })

  it('puts what is transparent on white', async () => {
    const clear = { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const
    for (const bytes of [
      await sharp({ create: clear }).png().toBuffer(),
      await sharp({ create: clear }).gif().toBuffer(),
    ])
      assert.ok((await decoder.decode(bytes)).pixels.every((value) => value === 255))
    const half = { ...clear, background: { r: 255, g: 0, b: 0, alpha: 0.5 } }
    const { pixels } = await decoder.decode(await sharp({ create: half }).png().toBuffer())
    assert.ok(near(rgbAt(pixels, 112, 112), [255, 127, 127], 2))
  })

  it('makes three 8-bit channels of grey, 16-bit, palette and CMYK pictures', async () => {
    const grey = { width: 32, height: 32, channels: 3, background: '#808080' } as const
    const files = [
      await sharp({ create: grey }).toColourspace('b-w').png().toBuffer(),
      await sharp({ create: grey }).toColourspace('rgb16').png().toBuffer(),
      await sharp({ create: grey }).png({ palette: true }).toBuffer(),
      await sharp({ create: grey }).toColourspace('cmyk').jpeg({ quality: 98 }).toBuffer(),
    ]
    for (const [index, bytes] of files.entries()) {
      const { pixels } = await decoder.decode(bytes)
      assert.equal(pixels.byteLength, pictureInput.byteLength)
      assert.ok(near(rgbAt(pixels, 112, 112), [128, 128, 128], 16), `${index}: ${rgbAt(pixels, 112, 112).join()}`)
    }
  })

  it('shows the first picture of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(32 * 32 * 3, 0), Buffer.alloc(32 * 32 * 3, 255)])
    const gif = await sharp(frames, { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
      .gif({ delay: [100, 100] })
      .toBuffer()
    const decoded = await decoder.decode(gif)
    assert.deepEqual([decoded.width, decoded.height], [32, 32])
    assert.deepEqual(rgbAt(decoded.pixels, 112, 112), [0, 0, 0])
  })

  it('answers calls made at once, each with its own picture', async () => {
    const colours = Array.from({ length: 12 }, (_, index) => index * 20)
    const files = await Promise.all(
      colours.map((r) =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: { r, g: 0, b: 0 } } })
          .png()
          .toBuffer(),
      ),
    )
    const decoded = await Promise.all(files.map((bytes) => decoder.decode(bytes)))
    assert.deepEqual(
      decoded.map(({ pixels }) => rgbAt(pixels, 112, 112)[0]),
      colours,
    )
  })
})
