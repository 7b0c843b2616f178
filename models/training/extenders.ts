import type { ModelFamily } from '../../domain/label.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { pictureInput, textInput } from '../../domain/model/preprocessing.ts'
import type { PictureBackbone } from '../backbone.ts'
import type { Backbone, Dataset, FamilyTask, VersionFiles } from '../family.ts'
import { mergeCorrections, type CorrectionExample, type Merged } from './merge-corrections.ts'
import { cutRow, placesOf } from '../pictures/cuts.ts'
import { datasetFiles, readDatasetFiles, rootOf } from '../pictures/version-files.ts'
import { checkLearnable } from './rows.ts'
import { textOfBytes, type TextDataset } from '../text/dataset.ts'
import type { TextBackbone } from '../text/encoder/encoder.ts'
import { gramsOf, type Grams } from '../text/ngrams.ts'
import { readTextDatasetFiles, textDatasetFiles } from '../text/version-files.ts'

/** Opened when a new input has to be looked at. */
export interface FrozenNetworks {
  readonly pictures: () => Promise<PictureBackbone>
  readonly texts: () => Promise<TextBackbone>
}

export interface ExtendTask extends Pick<FamilyTask, 'onProgress' | 'signal'> {
  /** All labels of the bot, new ones included. */
  readonly labels: readonly string[]
  /** All corrections that are accepted, not only new ones. */
  readonly corrections: readonly CorrectionExample[]
}

/** A dataset made of a parent's and corrections. */
export interface Extended extends Pick<Merged, 'used' | 'leftOut' | 'overridden'> {
  readonly files: VersionFiles
  readonly root: string
  readonly size: number
  readonly labelCounts: Readonly<Record<string, number>>
}

/** Pictures or texts in one forward pass. */
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

async function extendPictures(networks: FrozenNetworks, files: VersionFiles, task: ExtendTask) {
  const parent = readDatasetFiles(files)
  const backbone = await networks.pictures()
  checkSame(parent, backbone, pictureInput.version)
  const places = placesOf(backbone, parent.backbone.cuts)
  const embed: Embed = async (inputs) => (await backbone.embed(inputs)).map((row) => cutRow(row, places))
  const merged = mergeCorrections(parent.examples, task.corrections, task.labels)
  const embeddings = await embeddingsOf(parent, merged, { embed, task })
  const { examples } = merged
  const dataset: Dataset = { ...parent, root: rootOf(examples), labels: task.labels, examples, embeddings }
  return { merged, dataset, files: datasetFiles(dataset) }
}

function gramsOfAll(parent: TextDataset, { examples, inputs }: Merged): readonly Grams[] {
  const known = new Map(parent.examples.map(({ inputSha256 }, index) => [inputSha256, parent.grams[index]]))
  return examples.map(
    ({ inputSha256 }) => known.get(inputSha256) ?? gramsOf(textOfBytes(inputs.get(inputSha256) ?? new Uint8Array())),
  )
}

async function extendTexts(networks: FrozenNetworks, files: VersionFiles, task: ExtendTask) {
  const parent = readTextDatasetFiles(files)
  const backbone = await networks.texts()
  checkSame(parent, backbone, textInput.version)
  const embed: Embed = (inputs) => backbone.embed(inputs.map(textOfBytes))
  const merged = mergeCorrections(parent.examples, task.corrections, task.labels)
  const embeddings = await embeddingsOf(parent, merged, { embed, task })
  const { examples } = merged
  const root = rootOf(examples)
  const dataset = { ...parent, root, labels: task.labels, examples, embeddings, grams: gramsOfAll(parent, merged) }
  return { merged, dataset, files: textDatasetFiles(dataset) }
}

const extenders = { 'picture-classifier': extendPictures, 'text-classifier': extendTexts } as const

/**
 * Makes the dataset of a next version: the parent's base examples and the corrections that are accepted now. Embeddings of inputs that
 * the parent has are kept, only new inputs are looked at. The same parent and corrections give the same root and the same bytes.
 * @param parentFiles those of the parent version of the slot.
 * @throws DatasetInvalid when a label is unknown or one class is left; ModelNotReady when files or network do not fit.
 */
export async function extendDataset(
  family: ModelFamily,
  networks: FrozenNetworks,
  parentFiles: VersionFiles,
  task: ExtendTask,
): Promise<Extended> {
  const { merged, dataset, files } = await extenders[family](networks, parentFiles, task)
  checkLearnable(dataset)
  const { used, leftOut, overridden, examples } = merged
  const counts = task.labels.map((label) => [label, examples.filter((one) => one.label === label).length] as const)
  const labelCounts = Object.fromEntries(counts)
  return { files, root: dataset.root, size: examples.length, labelCounts, used, leftOut, overridden }
}
