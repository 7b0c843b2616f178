import { z } from 'zod'
import { ModelNotReady } from '../../domain/errors.ts'
import {
  type Examples,
  examplesFileName,
  exampleShape,
  examplesShape,
  indicesWhere,
  partOfExample,
  rootOf,
} from '../datasets/examples.ts'
import { bytesOfNumbers, fileOf, jsonBytes, numbersOfBytes, readJson, type VersionFiles } from '../files.ts'

/** What made embeddings: the network's name, its digest and the outputs that were put beside each other. */
export interface Backbone {
  readonly name: string
  readonly sha256: string
  readonly cuts: readonly string[]
  readonly width: number
}

/** An immutable dataset with everything that the training of a head reads. */
export interface Dataset extends Examples {
  readonly backbone: Backbone
  /** [examples, backbone.width] row by row, in the order of the examples. */
  readonly embeddings: Float32Array
}

/** Takes the rows with some indices, in their order. */
type PickRows = <Row>(all: readonly Row[]) => readonly Row[]

/**
 * The part of a dataset that may be learned from: trained on, calibrated on, or be a neighbour. The other parts never are.
 * @param beside the same rows of what a family keeps beside the embeddings of the examples.
 */
export function trainRowsOf<Whole extends Dataset>(
  dataset: Whole,
  beside: (pick: PickRows) => Partial<Whole> = () => ({}),
): Whole {
  const indices = indicesWhere(dataset, (example) => partOfExample(example) === 'train')
  if (indices.length === dataset.examples.length) return dataset
  const pick: PickRows = (all) => indices.flatMap((index) => all.slice(index, index + 1))
  const { width } = dataset.backbone
  const embeddings = new Float32Array(indices.length * width)
  for (const [row, index] of indices.entries())
    embeddings.set(dataset.embeddings.subarray(index * width, (index + 1) * width), row * width)
  return { ...dataset, ...beside(pick), examples: pick(dataset.examples), embeddings }
}

/** Files of a dataset; a version carries the same two, so that it can tell what it knows. */
export const datasetFileNames = { examples: examplesFileName, embeddings: 'embeddings.bin' } as const

/** A backbone as files tell of it. */
export const backboneShape = z.object({
  name: z.string(),
  sha256: z.string(),
  cuts: z.array(z.string()),
  width: z.int().positive(),
})

const examplesFile = examplesShape.extend({ backbone: backboneShape })

/** @throws ModelNotReady when a version's own dataset has other features than one that it is asked about. */
export function checkFeatures(own: Dataset, other: Dataset): void {
  const featuresOf = ({ backbone, preprocessingVersion }: Dataset) =>
    JSON.stringify([backbone.sha256, backbone.cuts, backbone.width, preprocessingVersion])
  if (featuresOf(own) !== featuresOf(other))
    throw new ModelNotReady('the version reads other features than this dataset holds')
}

/** A dataset as its two files. */
export function datasetFiles(dataset: Dataset): VersionFiles {
  const { labels, preprocessingVersion, backbone } = dataset
  const examples = dataset.examples.map((one) => exampleShape.parse(one))
  return {
    [datasetFileNames.examples]: jsonBytes({ labels, preprocessingVersion, backbone, examples }),
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
