import sharp from 'sharp'
import { normalisePicture } from '../../../adapters/media/normalise-picture.ts'
import type { RawExample } from '../../../models/datasets/examples.ts'
import type { Drawing } from './drawings.ts'

/** Pictures that are rendered while earlier ones are looked at. */
const ahead = 32

/** As if a person had sent it: the drawing becomes a PNG with a transparent ground, and that goes the way of every picture. */
async function render({ svg, ...drawing }: Drawing): Promise<RawExample<Uint8Array>> {
  const png = await sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer()
  const { pixels } = await normalisePicture(new Uint8Array(png))
  return { ...drawing, weight: 1, input: pixels }
}

/** Examples in the order of their drawings, several being rendered at a time. */
export async function* examplesOf(drawings: AsyncIterable<Drawing>): AsyncGenerator<RawExample<Uint8Array>> {
  const rendering: Promise<RawExample<Uint8Array>>[] = []
  const next = async () => {
    const first = rendering.shift()
    return first === undefined ? [] : [await first]
  }
  for await (const drawing of drawings) {
    const started = render(drawing)
    // Its failure is heard when its turn comes; until then it must not end the process as an unhandled one.
    started.catch(() => undefined)
    rendering.push(started)
    if (rendering.length > ahead) yield* await next()
  }
  while (rendering.length > 0) yield* await next()
}
