import { sha256Of } from '../../files.ts'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import type { PictureBackbone } from './backbone.ts'
import { DatasetInvalid, type FamilyTask } from '../../training/task.ts'
import type { Dataset } from '../../encoder-head/dataset.ts'
import { type Example, type RawExample, rootOf } from '../../datasets/examples.ts'

const embeddingBatch = 16

interface Collected {
  readonly examples: Example[]
  readonly rows: Float32Array[]
  readonly labelOf: Map<string, string>
}

/** Keeps the first of equal pictures; two sets often share a drawing. */
function admit(collected: Collected, raw: RawExample<Uint8Array>, labels: readonly string[]): Example | undefined {
  const { input, ...described } = raw
  const { id, label } = described
  const inputSha256 = sha256Of(input)
  const before = collected.labelOf.get(inputSha256)
  if (!labels.includes(label)) throw new DatasetInvalid(`${id} has the label ${label}, which the bot does not have`)
  if (before !== undefined && before !== label)
    throw new DatasetInvalid(`${id} is ${label}, and the same picture is ${before} elsewhere`)
  if (before !== undefined) return undefined
  collected.labelOf.set(inputSha256, label)
  return { ...described, inputSha256 }
}

function datasetOf({ examples, rows }: Collected, labels: readonly string[], backbone: PictureBackbone): Dataset {
  if (examples.length === 0) throw new DatasetInvalid('it has no examples')
  const { name, sha256, cuts, width } = backbone
  const embeddings = new Float32Array(rows.length * width)
  for (const [index, row] of rows.entries()) embeddings.set(row, index * width)
  const preprocessingVersion = pictureInput.version
  return {
    root: rootOf(examples),
    labels,
    preprocessingVersion,
    backbone: { name, sha256, cuts, width },
    examples,
    embeddings,
  }
}

/**
 * Embeds pictures in batches while the next ones are being made.
 * @throws DatasetInvalid when a label is unknown, one picture has two labels, or there is none.
 */
export async function collectDataset(
  backbone: PictureBackbone,
  raws: AsyncIterable<RawExample<Uint8Array>>,
  options: { readonly labels: readonly string[] } & Omit<FamilyTask, 'seed'>,
): Promise<Dataset> {
  const collected: Collected = { examples: [], rows: [], labelOf: new Map() }
  let waiting: Uint8Array[] = []
  const embedWaiting = async () => {
    collected.rows.push(...(await backbone.embed(waiting)))
    waiting = []
    options.onProgress?.(`${collected.rows.length} pictures looked at`)
  }
  for await (const raw of raws) {
    options.signal?.throwIfAborted()
    const example = admit(collected, raw, options.labels)
    if (example === undefined) continue
    collected.examples.push(example)
    waiting.push(raw.input)
    if (waiting.length === embeddingBatch) await embedWaiting()
  }
  if (waiting.length > 0) await embedWaiting()
  return datasetOf(collected, options.labels, backbone)
}
