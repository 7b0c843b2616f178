import { crc32, deflateSync } from 'node:zlib'

const size = 256
type Colour = readonly [red: number, green: number, blue: number]

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    const mixed = Math.imul(state ^ (state >>> 15), state | 1)
    const more = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61))
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32
  }
}

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.byteLength)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** A PNG of 8-bit RGB (https://www.w3.org/TR/png-3/): one byte for "no filter" before each row. */
function pngOf(pixels: (x: number, y: number) => Colour): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 3))
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) rows.set(pixels(x, y), y * (1 + size * 3) + 1 + x * 3)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', new Uint8Array()),
  ])
}

/**
 * A made-up picture as PNG, the same for the same number: a face, every second one with a hat, slightly grainy so that it
 * weighs about as much as a photograph of its size.
 */
export function drawPicture(index: number): Buffer {
  const next = numbersOf(index + 1)
  const colour = (): Colour => [40 + next() * 180, 40 + next() * 180, 40 + next() * 180]
  const [wall, skin, hat] = [colour(), colour(), colour()]
  const [middle, radius] = [size / 2 + (next() - 0.5) * 40, 50 + next() * 20]
  const top = size / 2 + 20 - radius
  const colourAt = (x: number, y: number): Colour => {
    const fromMiddle = Math.abs(x - middle)
    const crown = y > top - 30 && y <= top + 10 && fromMiddle < radius * 0.7
    const brim = y > top + 10 && y < top + 22 && fromMiddle < radius * 1.4
    if (index % 2 === 0 && (crown || brim)) return hat
    return Math.hypot(x - middle, y - size / 2 - 20) < radius ? skin : wall
  }
  const grain = () => next() * 12
  return pngOf((x, y) => {
    const [red, green, blue] = colourAt(x, y)
    return [red + grain(), green + grain(), blue + grain()]
  })
}
