import { z } from 'zod'
import { fileOf, jsonBytes, readJson, sha256Of, type VersionFiles } from '../../files.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { backboneShape, datasetFileNames, datasetFiles, readDatasetFiles } from '../../encoder-head/dataset.ts'
import type { TextDataset } from './dataset.ts'
import type { TrainedText } from './training/fit.ts'
import type { Grams } from './ngrams.ts'

/** Files of a dataset of texts; a version carries the same ones. */
export const textDatasetFileNames = { ...datasetFileNames, grams: 'grams.bin', split: 'split.json' } as const

const split = z.object({ past: z.array(z.string()), test: z.array(z.string()) })

const metadata = z.object({
  bot: z.string(),
  family: z.literal('text-classifier'),
  trainerVersion: z.string(),
  labels: z.array(z.string()).min(2),
  sizes: z.object({ width: z.int(), grams: z.int(), labels: z.int(), examples: z.int() }),
  preprocessingVersion: z.string(),
  backbone: backboneShape,
  backend: z.string(),
  machine: z.string(),
  libraries: z.record(z.string(), z.string()),
  seed: z.int(),
  notes: z.string().default(''),
  options: z.object({ steps: z.int(), strength: z.number(), vectorScale: z.number(), neighbours: z.int() }),
  datasetRoot: z.string(),
  temperature: z.number().positive(),
  distance: z.object({ neighbours: z.int().positive(), share: z.number(), threshold: z.number().positive() }),
  weightsSha256: z.string(),
})

/** A version's `metadata.json`. */
export type Metadata = z.infer<typeof metadata>

/** 32-bit numbers one after the other, little-endian whatever this machine is. */
function bytesOf(parts: readonly (Float32Array | Uint32Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length * 4, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const part of parts)
    for (const value of part) {
      if (part instanceof Float32Array) view.setFloat32(at, value, true)
      else view.setUint32(at, value, true)
      at += 4
    }
  return bytes
}

/** Reads what `bytesOf` wrote, part by part. @throws ModelNotReady when it ends early, or, asked for, does not end. */
function readerOf(bytes: Uint8Array, name: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const next = <Value>(length: number, read: (start: number) => Value): Value => {
    if (at + length * 4 > bytes.length) throw new ModelNotReady(`${name} ends early`)
    const value = read(at)
    at += length * 4
    return value
  }
  return {
    floats: (length: number) =>
      next(length, (start) => Float32Array.from({ length }, (_, index) => view.getFloat32(start + index * 4, true))),
    integers: (length: number) =>
      next(length, (start) => Uint32Array.from({ length }, (_, index) => view.getUint32(start + index * 4, true))),
    end: () => {
      if (at !== bytes.length) throw new ModelNotReady(`${name} is longer than it should be`)
    },
  }
}

const mostCounted = 0xffff

/** Per text: how many n-grams, their places, their counts. */
const bytesOfGrams = (all: readonly Grams[]): Uint8Array =>
  bytesOf(
    all.flatMap(({ places, counts }) => [
      Uint32Array.of(places.length),
      places,
      counts.map((count) => Math.min(count, mostCounted)),
    ]),
  )

function gramsOfBytes(bytes: Uint8Array, texts: number): readonly Grams[] {
  const reader = readerOf(bytes, textDatasetFileNames.grams)
  const all = Array.from({ length: texts }, () => {
    const [length = 0] = reader.integers(1)
    return { places: reader.integers(length), counts: reader.integers(length) }
  })
  reader.end()
  return all
}

/** A dataset as its files. */
export const textDatasetFiles = (dataset: TextDataset): VersionFiles => ({
  ...datasetFiles(dataset),
  [textDatasetFileNames.grams]: bytesOfGrams(dataset.grams),
  [textDatasetFileNames.split]: jsonBytes(dataset.split),
})

/** @throws ModelNotReady when a file is missing, damaged or does not fit the others. */
export function readTextDatasetFiles(files: VersionFiles): TextDataset {
  const dataset = readDatasetFiles(files)
  return {
    ...dataset,
    grams: gramsOfBytes(fileOf(files, textDatasetFileNames.grams), dataset.examples.length),
    split: readJson(files, textDatasetFileNames.split, split),
  }
}

export const weightsOf = ({ head, grams }: TrainedText): Uint8Array =>
  bytesOf([grams.places, grams.idf, head.vectors, head.grams, head.bias])

function trainedOf(bytes: Uint8Array, { sizes, options }: Metadata): TrainedText {
  const { width, grams, labels } = sizes
  const reader = readerOf(bytes, 'weights.bin')
  const weights = { places: reader.integers(grams), idf: reader.floats(grams) }
  const head = {
    vectors: reader.floats(width * labels),
    grams: reader.floats(grams * labels),
    bias: reader.floats(labels),
  }
  reader.end()
  return { head, grams: weights, vectorScale: options.vectorScale }
}

/** A version as it was read: whole, and everything of one piece. */
export interface ReadVersion {
  readonly metadata: Metadata
  readonly trained: TrainedText
  readonly dataset: TextDataset
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Reads a version's files and checks that they belong together.
 * @throws ModelNotReady naming what does not fit.
 */
export function readTextVersion(files: VersionFiles): ReadVersion {
  const described = readJson(files, 'metadata.json', metadata)
  const weights = fileOf(files, 'weights.bin')
  if (sha256Of(weights) !== described.weightsSha256)
    throw new ModelNotReady('weights.bin is not the file that metadata.json tells of')
  const dataset = readTextDatasetFiles(files)
  const faults = [
    dataset.root === described.datasetRoot ? undefined : 'the dataset is another one',
    same(dataset.labels, described.labels) ? undefined : 'the labels differ',
    same(dataset.backbone, described.backbone) ? undefined : 'the encoder differs',
    dataset.preprocessingVersion === described.preprocessingVersion ? undefined : 'the preprocessing version differs',
  ].filter((fault) => fault !== undefined)
  if (faults.length > 0) throw new ModelNotReady(`its files do not belong together: ${faults.join(', ')}`)
  return { metadata: described, trained: trainedOf(weights, described), dataset }
}
