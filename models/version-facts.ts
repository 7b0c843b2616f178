import { z } from 'zod'
import { readJson } from './files.ts'
import type { ModelFamily } from '../domain/label.ts'
import type { Dataset, VersionFiles } from './family.ts'
import { withTogether as picturesTogether } from './pictures/together.ts'
import { datasetFileNames, examplesFile, rootOf } from './pictures/version-files.ts'
import { textDatasetFileNames } from './text/version-files.ts'

/** What the records say of a version, read from its files. */
export interface VersionFacts {
  readonly datasetRoot: string
  readonly labels: readonly string[]
  readonly preprocessingVersion: string
  readonly size: number
  /** `pictures`, `texts`: what `size` counts. */
  readonly things: string
  readonly labelCounts: Readonly<Record<string, number>>
  /** The names of the two files that are the dataset. */
  readonly examplesFile: string
  readonly embeddingsFile: string
}

const things: Readonly<Record<ModelFamily, string>> = { 'picture-classifier': 'pictures', 'text-classifier': 'texts' }

/** A dataset's examples without their embeddings. @throws ModelNotReady when the file is missing or damaged. */
export function readExamples(
  files: VersionFiles,
): Pick<Dataset, 'root' | 'labels' | 'preprocessingVersion' | 'backbone' | 'examples'> {
  const read = readJson(files, datasetFileNames.examples, examplesFile)
  return { ...read, root: rootOf(read.examples) }
}

/** @throws ModelNotReady when the files are damaged. */
export function factsOf(family: ModelFamily, files: VersionFiles): VersionFacts {
  const { root, labels, preprocessingVersion, examples } = readExamples(files)
  const counts = labels.map((label) => [label, examples.filter((one) => one.label === label).length] as const)
  return {
    datasetRoot: root,
    labels,
    preprocessingVersion,
    size: examples.length,
    things: things[family],
    labelCounts: Object.fromEntries(counts),
    examplesFile: datasetFileNames.examples,
    embeddingsFile: datasetFileNames.embeddings,
  }
}

const datasetNames: Readonly<Record<ModelFamily, readonly string[]>> = {
  'picture-classifier': Object.values(datasetFileNames),
  'text-classifier': Object.values(textDatasetFileNames),
}

/** Of a version's files those that are its dataset. */
export const datasetFilesOf = (family: ModelFamily, files: VersionFiles): VersionFiles =>
  Object.fromEntries(Object.entries(files).filter(([name]) => datasetNames[family].includes(name)))

const metadata = z.object({
  bot: z.string(),
  family: z.enum(['picture-classifier', 'text-classifier']),
  trainerVersion: z.string(),
  labels: z.array(z.string()),
  preprocessingVersion: z.string(),
  backend: z.string(),
  machine: z.string(),
  libraries: z.record(z.string(), z.string()),
  seed: z.int(),
  notes: z.string().default(''),
  datasetRoot: z.string(),
  temperature: z.number(),
  weightsSha256: z.string(),
})

/** What every family's `metadata.json` tells. */
export type CommonMetadata = Readonly<z.infer<typeof metadata>>

/** @throws ModelNotReady when the file is missing or damaged. */
export const readMetadata = (files: VersionFiles): CommonMetadata => readJson(files, 'metadata.json', metadata)

const figures = z.object({
  count: z.number(),
  support: z.array(z.number()),
  accuracy: z.number(),
  balancedAccuracy: z.number(),
  majorityRate: z.number(),
  ece: z.number(),
  confusion: z.array(z.array(z.number())),
  auc: z.array(z.number().nullable()),
})

const evaluation = z.object({
  method: z.string(),
  labels: z.array(z.string()),
  pooled: figures,
  temperature: z.number(),
  unsure: z.object({ share: z.number(), confidence: z.number() }),
  // A version that was trained before anything was held out has none of these.
  holdout: figures.nullable().default(null),
  correctionHoldout: z.object({ count: z.number(), right: z.number() }).default({ count: 0, right: 0 }),
  golden: z
    .object({ total: z.number(), right: z.number(), wrong: z.array(z.string()) })
    .default({ total: 0, right: 0, wrong: [] }),
})

/** What every family's `evaluation.json` tells. */
export type CommonEvaluation = Readonly<z.infer<typeof evaluation>>

/** @throws ModelNotReady when the file is missing or damaged. */
export const readEvaluation = (files: VersionFiles): CommonEvaluation => readJson(files, 'evaluation.json', evaluation)

/**
 * Adds to each version's files how the versions of all slots do side by side; families that cannot tell, and one slot alone, stay as
 * they are.
 */
export const withTogether = (
  family: ModelFamily,
  versions: ReadonlyMap<string, VersionFiles>,
): ReadonlyMap<string, VersionFiles> => (family === 'picture-classifier' ? picturesTogether(versions) : versions)
