import { ModelNotReady } from '../../domain/errors.ts'
import { rootOf } from '../datasets/examples.ts'
import { type Extended, extendedOf, type ExtendTask } from '../datasets/extended.ts'
import { mergeCorrections, type Merged } from '../datasets/merge-corrections.ts'
import type { VersionFiles } from '../files.ts'
import type { Backbone, Dataset } from './dataset.ts'

/** Inputs in one forward pass. */
const batch = 16

type Embed = (inputs: readonly Uint8Array[]) => Promise<readonly Float32Array[]>

/** @throws ModelNotReady */
function checkSame(parent: Dataset, opened: Backbone, preprocessingVersion: string): void {
  if (parent.backbone.sha256 !== opened.sha256)
    throw new ModelNotReady('the dataset was made with another frozen network than the one that is loaded')
  if (parent.preprocessingVersion !== preprocessingVersion)
    throw new ModelNotReady(
      `the dataset holds ${parent.preprocessingVersion}, and inputs are ${preprocessingVersion} now`,
    )
}

async function embedAll(inputs: readonly Uint8Array[], embed: Embed, { signal, onProgress }: ExtendTask) {
  const rows: Float32Array[] = []
  for (let at = 0; at < inputs.length; at += batch) {
    signal?.throwIfAborted()
    rows.push(...(await embed(inputs.slice(at, at + batch))))
    onProgress?.(`${rows.length} of ${inputs.length} new inputs looked at`)
  }
  return rows
}

/** The embedding of every example: the parent's where it has the input, else a new one. */
async function embeddingsOf(
  parent: Dataset,
  { examples, inputs }: Merged,
  options: { readonly embed: Embed; readonly task: ExtendTask },
): Promise<Float32Array> {
  const { width } = parent.backbone
  const known = new Map(parent.examples.map(({ inputSha256 }, index) => [inputSha256, index]))
  const fresh = examples.filter(({ inputSha256 }) => !known.has(inputSha256)).map(({ inputSha256 }) => inputSha256)
  const made = await embedAll(
    fresh.flatMap((sha256) => inputs.get(sha256) ?? []),
    options.embed,
    options.task,
  )
  const rowOf = new Map(fresh.map((sha256, at) => [sha256, made[at]]))
  const embeddings = new Float32Array(examples.length * width)
  for (const [row, { inputSha256 }] of examples.entries()) {
    const index = known.get(inputSha256)
    const kept = index === undefined ? undefined : parent.embeddings.subarray(index * width, (index + 1) * width)
    embeddings.set(kept ?? rowOf.get(inputSha256) ?? new Float32Array(), row * width)
  }
  return embeddings
}

/** The frozen encoder that looks at new inputs, and how a grown dataset becomes files. */
export interface Growth<Whole extends Dataset> {
  readonly backbone: Backbone
  readonly preprocessingVersion: string
  readonly embed: Embed
  /** The grown dataset as files; `merged` tells what is beside its examples. */
  readonly filesOf: (dataset: Whole, merged: Merged) => VersionFiles
}

/**
 * Puts corrections into a dataset of embeddings. Those of inputs that the parent has are kept, only new inputs are looked at.
 * @throws DatasetInvalid when a label is unknown or one class is left; ModelNotReady when the network does not fit.
 */
export async function extendDataset<Whole extends Dataset>(
  parent: Whole,
  task: ExtendTask,
  { backbone, preprocessingVersion, embed, filesOf }: Growth<Whole>,
): Promise<Extended> {
  checkSame(parent, backbone, preprocessingVersion)
  const merged = mergeCorrections(parent.examples, task.corrections, task.labels)
  const embeddings = await embeddingsOf(parent, merged, { embed, task })
  const { examples } = merged
  const dataset = { ...parent, root: rootOf(examples), labels: task.labels, examples, embeddings }
  return extendedOf(merged, task.labels, filesOf(dataset, merged))
}
