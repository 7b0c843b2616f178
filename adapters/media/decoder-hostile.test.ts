import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { InputRefused } from '../../domain/errors.ts'
import { pictureInput } from '../../domain/model/preprocessing.ts'
import type { RefusalCode } from '../../domain/refusals.ts'
import { createDecoder } from './decoder.ts'

const decoder = createDecoder()
after(() => decoder.close())

const refused = (refusal: RefusalCode) => ({ code: 'InputRefused', refusal })
const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
const picture = () => sharp({ create: { width: 200, height: 150, channels: 3, background: '#fff', noise } })
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>',
)

/** A PNG file from its header and compressed rows, for sizes that no encoder should be asked for (PNG, ISO/IEC 15948). */
function pngOf(width: number, height: number, rows: Uint8Array): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const crc = (bytes: Uint8Array) =>
    (bytes.reduce((c, byte) => (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', new Uint8Array())])
}

/** A small generator with a seed (mulberry32), so that a failing mutation can be made again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('what is no picture of the four formats', () => {
  it('is refused by its first bytes: drawings, documents, other picture formats, noise, nothing', async () => {
    const random = seeded(7)
    const files: Readonly<Record<string, Uint8Array>> = {
      svg,
      'gzipped svg': gzipSync(svg),
      tiff: await picture().tiff().toBuffer(),
      avif: await picture().avif({ effort: 0 }).toBuffer(),
      pdf: Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n'),
      html: Buffer.from('<!doctype html><title>Sign in</title>'),
      bmp: Buffer.concat([Buffer.from('BM'), Buffer.alloc(200)]),
      text: Buffer.from('just words'),
      noise: Uint8Array.from({ length: 5000 }, () => Math.trunc(random() * 256)),
      nothing: new Uint8Array(),
    }
    for (const [name, bytes] of Object.entries(files))
      await assert.rejects(decoder.decode(bytes), refused('not-a-picture'), name)
  })

  it('is not decoded either when its first bytes lie', async () => {
    const jpegStart = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])
    const pngStart = (await picture().png().toBuffer()).subarray(0, 33)
    const tiff = await picture().tiff().toBuffer()
    for (const start of [jpegStart, pngStart, Buffer.from('GIF89a'), Buffer.from('RIFF\0\0\0\0WEBPVP8 ')])
      for (const body of [svg, tiff, gzipSync(svg)])
        await assert.rejects(decoder.decode(Buffer.concat([start, body])), refused('unreadable'))
  })
})

describe('a damaged picture', () => {
  it('that was cut short is unreadable, in every format', async () => {
    const files = {
      jpeg: await picture().jpeg().toBuffer(),
      png: await picture().png().toBuffer(),
      webp: await picture().webp().toBuffer(),
      gif: await picture().gif().toBuffer(),
    }
    for (const [name, bytes] of Object.entries(files)) {
      assert.equal((await decoder.decode(bytes)).format, name)
      for (const share of [0.25, 0.5, 0.9])
        await assert.rejects(
          decoder.decode(bytes.subarray(0, Math.trunc(bytes.length * share))),
          refused('unreadable'),
          `${name} ${share}`,
        )
    }
  })

  it('never takes more than the child with it: 200 seeded mutations', async () => {
    const random = seeded(20260101)
    const files = [
      await picture().jpeg().toBuffer(),
      await picture().png().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().gif().toBuffer(),
    ]
    const first = await decoder.decode(files[0] ?? new Uint8Array())
    assert.equal(first.format, 'jpeg')
    const child = decoder.pid()
    let slowest = 0
    const outcomes = new Map<string, number>()
    for (let round = 0; round < 200; round += 1) {
      const bytes = Uint8Array.from(files[round % files.length] ?? [])
      for (let change = 0; change < 1 + random() * 20; change += 1)
        bytes[Math.trunc(random() * (round % 3 === 0 ? 64 : bytes.length))] = Math.trunc(random() * 256)
      const start = performance.now()
      const outcome = await decoder.decode(bytes).then(
        ({ pixels }) => (pixels.byteLength === pictureInput.byteLength ? 'decoded' : 'wrong size'),
        (error: unknown) => (error instanceof InputRefused ? error.refusal : 'something else'),
      )
      slowest = Math.max(slowest, performance.now() - start)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    const expected: readonly string[] = ['decoded', 'unreadable', 'not-a-picture', 'too-many-pixels']
    assert.deepEqual(
      [...outcomes.keys()].filter((outcome) => !expected.includes(outcome)),
      [],
    )
    assert.ok(slowest < 5000, `the slowest took ${slowest} ms`)
    assert.equal(decoder.pid(), child, 'the child lived through all of them')
  })
})

describe('a bomb', () => {
  it('of 14,000×14,000 pixels is refused by its header, fast', async () => {
    const side = 14_000
    const bomb = pngOf(side, side, deflateSync(Buffer.alloc((side / 8 + 1) * side), { level: 9 }))
    assert.ok(bomb.length < 100_000)
    const start = performance.now()
    await assert.rejects(decoder.decode(bomb), refused('too-many-pixels'))
    assert.ok(performance.now() - start < 1000)
  })

  it('is measured by its pixels and not by its bytes: the limit itself still decodes', async () => {
    const rows = (side: number) => deflateSync(Buffer.alloc((side / 8 + 1) * side, 0))
    assert.equal((await decoder.decode(pngOf(5000, 5000, rows(5000)))).width, 5000)
    await assert.rejects(decoder.decode(pngOf(5000, 5008, rows(5008))), refused('too-many-pixels'))
  })

  it('in a header that promises more rows than follow is unreadable', async () => {
    await assert.rejects(decoder.decode(pngOf(4000, 4000, deflateSync(Buffer.alloc(100)))), refused('unreadable'))
  })
})
