import { sha256Of } from '../../files.ts'
import { textInput } from '../../../domain/model/preprocessing.ts'
import { DatasetInvalid, type FamilyTask } from '../../training/task.ts'
import type { Dataset } from '../../encoder-head/dataset.ts'
import { type Example, type RawExample, rootOf } from '../../datasets/examples.ts'
import type { TextBackbone } from './encoder/encoder.ts'
import type { Merged } from '../../datasets/merge-corrections.ts'
import { gramsOf, type Grams } from './ngrams.ts'

/**
 * Which vendors are learned from and which are judged when a version is measured; a vendor in neither is only learned from in
 * the end. Without any, five parts of the dataset take turns.
 */
export interface Split {
  readonly past: readonly string[]
  readonly test: readonly string[]
}

/** A dataset of texts: the encoder's vectors, and beside them the hashed n-grams. The texts themselves are not in it. */
export interface TextDataset extends Dataset {
  /** In the order of the examples. */
  readonly grams: readonly Grams[]
  readonly split: Split
}

/** A grown dataset with the n-grams of its texts: the parent's where it has the text. */
export function withNewGrams(dataset: Dataset, parent: TextDataset, { inputs }: Pick<Merged, 'inputs'>): TextDataset {
  const known = new Map(parent.examples.map(({ inputSha256 }, index) => [inputSha256, parent.grams[index]]))
  const grams = dataset.examples.map(
    ({ inputSha256 }) => known.get(inputSha256) ?? gramsOf(textOfBytes(inputs.get(inputSha256) ?? new Uint8Array())),
  )
  return { ...dataset, grams, split: parent.split }
}

/** A normalised text (`domain/model/preprocessing.ts`) as its bytes, which are what is kept by SHA-256. */
export const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOfBytes = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Texts between two looks at the signal. */
const portion = 256

interface Collected {
  readonly examples: Example[]
  readonly texts: string[]
  readonly labelOf: Map<string, string>
}

/** Keeps the first of equal texts. */
function admit(collected: Collected, raw: RawExample<Uint8Array>, labels: readonly string[]): void {
  const { input, ...described } = raw
  const { id, label } = described
  const inputSha256 = sha256Of(input)
  const before = collected.labelOf.get(inputSha256)
  if (!labels.includes(label)) throw new DatasetInvalid(`${id} has the label ${label}, which the bot does not have`)
  if (before !== undefined && before !== label)
    throw new DatasetInvalid(`${id} is ${label}, and the same text is ${before} elsewhere`)
  if (before !== undefined) return
  collected.labelOf.set(inputSha256, label)
  collected.examples.push({ ...described, inputSha256 })
  collected.texts.push(textOfBytes(input))
}

async function embedAll(
  backbone: TextBackbone,
  texts: readonly string[],
  options: Omit<FamilyTask, 'seed'>,
): Promise<Float32Array> {
  const { width } = backbone
  const embeddings = new Float32Array(texts.length * width)
  // Portions of texts of one length need little padding.
  const order = texts.map((_, index) => index).toSorted((one, other) => lengthAt(texts, one) - lengthAt(texts, other))
  for (let at = 0; at < order.length; at += portion) {
    options.signal?.throwIfAborted()
    const indices = order.slice(at, at + portion)
    const rows = await backbone.embed(indices.map((index) => texts[index] ?? ''))
    for (const [place, index] of indices.entries()) embeddings.set(rows[place] ?? [], index * width)
    options.onProgress?.(`${at + indices.length} of ${texts.length} texts read`)
  }
  return embeddings
}

const lengthAt = (texts: readonly string[], index: number): number => texts[index]?.length ?? 0

/**
 * Reads texts with the encoder and counts their n-grams.
 * @throws DatasetInvalid when a label is unknown or has no example, one text has two labels, or there is none.
 */
export async function collectTexts(
  backbone: TextBackbone,
  raws: AsyncIterable<RawExample<Uint8Array>>,
  options: { readonly labels: readonly string[]; readonly split?: Split } & Omit<FamilyTask, 'seed'>,
): Promise<TextDataset> {
  const collected: Collected = { examples: [], texts: [], labelOf: new Map() }
  for await (const raw of raws) admit(collected, raw, options.labels)
  const { examples, texts } = collected
  if (examples.length === 0) throw new DatasetInvalid('it has no examples')
  const { name, sha256, cuts, width } = backbone
  return {
    root: rootOf(examples),
    labels: options.labels,
    preprocessingVersion: textInput.version,
    backbone: { name, sha256, cuts, width },
    examples,
    embeddings: await embedAll(backbone, texts, options),
    grams: texts.map(gramsOf),
    split: options.split ?? { past: [], test: [] },
  }
}
