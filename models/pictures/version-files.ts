import { bytesOfNumbers, fileOf, jsonBytes, numbersOfBytes, readJson, sha256Of } from '../files.ts'
import { z } from 'zod'
import { ModelNotReady } from '../../domain/errors.ts'
import { exampleParts } from '../../domain/learning/examples.ts'
import { merkleRoot } from '../../domain/model/merkle.ts'
import type { Dataset, VersionFiles } from '../family.ts'
import type { Head } from './heads/heads.ts'

/** Files of a dataset; a version carries the same two, so that it can tell what it knows. */
export const datasetFileNames = { examples: 'examples.json', embeddings: 'embeddings.bin' } as const

const backbone = z.object({
  name: z.string(),
  sha256: z.string(),
  cuts: z.array(z.string()),
  width: z.int().positive(),
})

const example = z.object({
  id: z.string(),
  inputSha256: z.string(),
  label: z.string(),
  vendor: z.string(),
  weight: z.number(),
  part: z.enum(exampleParts).optional(),
  corrections: z.array(z.string()).optional(),
  fingerprint: z.string().optional(),
  group: z.string().optional(),
  base: z.object({ label: z.string(), weight: z.number() }).optional(),
})

/** What `examples.json` holds, in both families. */
export const examplesFile = z.object({
  labels: z.array(z.string()),
  preprocessingVersion: z.string(),
  backbone,
  examples: z.array(example),
})

const metadata = z.object({
  bot: z.string(),
  family: z.literal('picture-classifier'),
  trainerVersion: z.string(),
  labels: z.array(z.string()).min(2),
  sizes: z.object({ features: z.int(), labels: z.int(), examples: z.int() }),
  preprocessingVersion: z.string(),
  backbone,
  backend: z.string(),
  machine: z.string(),
  libraries: z.record(z.string(), z.string()),
  seed: z.int(),
  notes: z.string().default(''),
  options: z.record(z.string(), z.union([z.number(), z.string()])),
  datasetRoot: z.string(),
  temperature: z.number().positive(),
  distance: z.object({ neighbours: z.int().positive(), share: z.number(), threshold: z.number().positive() }),
  weightsSha256: z.string(),
})

/** A version's `metadata.json`. */
export type Metadata = z.infer<typeof metadata>

export const rootOf = (examples: Dataset['examples']): string => merkleRoot(examples, sha256Of)

/** A dataset as its two files. */
export function datasetFiles(dataset: Dataset): VersionFiles {
  const { labels, preprocessingVersion, backbone: network } = dataset
  // The schema's order of keys, so that the same examples are the same bytes, however they came about.
  const examples = dataset.examples.map((one) => example.parse(one))
  return {
    [datasetFileNames.examples]: jsonBytes({ labels, preprocessingVersion, backbone: network, examples }),
    [datasetFileNames.embeddings]: bytesOfNumbers([dataset.embeddings]),
  }
}

/** @throws ModelNotReady when a file is missing, damaged or does not fit the other. */
export function readDatasetFiles(files: VersionFiles): Dataset {
  const described = readJson(files, datasetFileNames.examples, examplesFile)
  const embeddings = numbersOfBytes(fileOf(files, datasetFileNames.embeddings))
  const expected = described.examples.length * described.backbone.width
  if (embeddings.length !== expected)
    throw new ModelNotReady(`${datasetFileNames.embeddings} holds ${embeddings.length} numbers instead of ${expected}`)
  return { ...described, root: rootOf(described.examples), embeddings }
}

export const weightsOf = (head: Head): Uint8Array => bytesOfNumbers([head.mean, head.deviation, head.matrix, head.bias])

function headOf(numbers: Float32Array, { features, labels }: Metadata['sizes']): Head {
  const expected = features * (2 + labels) + labels
  if (numbers.length !== expected)
    throw new ModelNotReady(`weights.bin holds ${numbers.length} numbers instead of ${expected}`)
  const matrixAt = 2 * features
  return {
    mean: numbers.slice(0, features),
    deviation: numbers.slice(features, matrixAt),
    matrix: numbers.slice(matrixAt, matrixAt + features * labels),
    bias: numbers.slice(matrixAt + features * labels),
  }
}

/** A version as it was read: whole, and everything of one piece. */
export interface ReadVersion {
  readonly metadata: Metadata
  readonly head: Head
  readonly dataset: Dataset
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Reads a version's files and checks that they belong together.
 * @throws ModelNotReady naming what does not fit.
 */
export function readVersion(files: VersionFiles): ReadVersion {
  const described = readJson(files, 'metadata.json', metadata)
  const weights = fileOf(files, 'weights.bin')
  if (sha256Of(weights) !== described.weightsSha256)
    throw new ModelNotReady('weights.bin is not the file that metadata.json tells of')
  const head = headOf(numbersOfBytes(weights), described.sizes)
  const dataset = readDatasetFiles(files)
  const faults = [
    dataset.root === described.datasetRoot ? undefined : 'the dataset is another one',
    same(dataset.labels, described.labels) && described.labels.length === described.sizes.labels
      ? undefined
      : 'the labels differ',
    same(dataset.backbone, described.backbone) && dataset.backbone.width === described.sizes.features
      ? undefined
      : 'the backbone differs',
    dataset.preprocessingVersion === described.preprocessingVersion ? undefined : 'the preprocessing version differs',
  ].filter((fault) => fault !== undefined)
  if (faults.length > 0) throw new ModelNotReady(`its files do not belong together: ${faults.join(', ')}`)
  return { metadata: described, head, dataset }
}
