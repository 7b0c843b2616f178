import { z } from 'zod'
import { ModelNotReady } from '../../../domain/errors.ts'
import { backboneShape, type Dataset, readDatasetFiles } from '../../encoder-head/dataset.ts'
import { bytesOfNumbers, fileOf, numbersOfBytes, readJson, sha256Of, type VersionFiles } from '../../files.ts'
import type { Head } from './heads/heads.ts'

const metadata = z.object({
  bot: z.string(),
  family: z.literal('picture-classifier'),
  trainerVersion: z.string(),
  labels: z.array(z.string()).min(2),
  sizes: z.object({ features: z.int(), labels: z.int(), examples: z.int() }),
  preprocessingVersion: z.string(),
  backbone: backboneShape,
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
