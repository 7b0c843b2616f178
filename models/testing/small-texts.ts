import { seededRandom } from '../../domain/model/seeded-random.ts'
import type { RawExample } from '../datasets/examples.ts'
import { bytesOfText } from '../families/text-classifier/dataset.ts'
import type { TextBackbone } from '../families/text-classifier/encoder/encoder.ts'

const width = 6

/** An encoder that is no network: how often some letters occur, as a unit vector. */
export const tinyEncoder: TextBackbone = {
  name: 'letters',
  sha256: 'e'.repeat(64),
  cuts: ['mean'],
  width,
  embed: (texts) =>
    Promise.resolve(
      texts.map((text) => {
        const counts = Array.from('crtmyz', (letter) => 0.1 + text.split(letter).length - 1)
        const length = Math.sqrt(counts.reduce((sum, count) => sum + count ** 2, 0))
        return Float32Array.from(counts, (count) => count / length)
      }),
    ),
}

export const smallTextLabels = ['charts', 'trees']
const words = {
  charts: ['chart', 'bar', 'axis', 'line', 'pie', 'ticks'],
  trees: ['tree', 'node', 'root', 'leaf', 'item', 'twig'],
}
type Label = keyof typeof words

/** Made-up titles of three years; `trees` and `charts` by turns. */
export function smallTexts(perYear = 40): readonly RawExample<Uint8Array>[] {
  const random = seededRandom(9)
  const pick = (label: Label) => words[label][Math.floor(random() * 6)] ?? ''
  return ['2023', '2024', '2025'].flatMap((vendor) =>
    Array.from({ length: perYear }, (_, index) => {
      const label: Label = index % 2 === 0 ? 'charts' : 'trees'
      const text = `${pick(label)} ${pick(label)} fix ${vendor} ${index}`
      return { id: `${vendor}/${index}`, label, vendor, weight: 1, input: bytesOfText(text) }
    }),
  )
}

export const smallTextSplit = { past: ['2023', '2024'], test: ['2025'] }
