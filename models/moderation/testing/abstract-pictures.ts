import { pictureInput } from '../../../domain/model/preprocessing.ts'

type Colour = readonly [red: number, green: number, blue: number]

const light: Colour = [232, 184, 154]
const dark: Colour = [122, 63, 44]

/** Circles on a square of side 1. */
const circles = [
  { x: 0.3, y: 0.35, radius: 0.3 },
  { x: 0.7, y: 0.4, radius: 0.28 },
  { x: 0.5, y: 0.8, radius: 0.34 },
] as const

/** How deep a place lies in the nearest circle: 1 in its middle, 0 at its rim and outside. */
const depthAt = (x: number, y: number): number =>
  Math.max(0, ...circles.map((circle) => 1 - Math.hypot(x - circle.x, y - circle.y) / circle.radius))

/**
 * Three shaded balls in the colours of skin, normalised: nothing to see, and yet what the network takes for explicit. So a
 * withheld picture can be tested without one that has to be withheld.
 */
export function skinColouredBalls(): Uint8Array {
  const { size, channels } = pictureInput
  const picture = new Uint8Array(pictureInput.byteLength)
  for (let place = 0; place < size * size; place += 1) {
    const share = Math.sqrt(depthAt((place % size) / size, Math.floor(place / size) / size))
    picture.set(
      light.map((value, channel) => Math.round(value * share + (dark[channel] ?? 0) * (1 - share))),
      place * channels,
    )
  }
  return picture
}

/** A plain picture, normalised. */
export const plain = (brightness: number): Uint8Array => new Uint8Array(pictureInput.byteLength).fill(brightness)
