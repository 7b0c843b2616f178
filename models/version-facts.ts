import { z } from 'zod'
import { readExamples } from './datasets/examples.ts'
import { readJson, type VersionFiles } from './files.ts'

/** What the records say of a classifier's version, read from its files. */
export interface VersionFacts {
  readonly datasetRoot: string
  readonly labels: readonly string[]
  readonly preprocessingVersion: string
  readonly size: number
  readonly labelCounts: Readonly<Record<string, number>>
}

/** @throws ModelNotReady when the files are damaged. */
export function factsOf(files: VersionFiles): VersionFacts {
  const { root, labels, preprocessingVersion, examples } = readExamples(files)
  const counts = labels.map((label) => [label, examples.filter((one) => one.label === label).length] as const)
  return {
    datasetRoot: root,
    labels,
    preprocessingVersion,
    size: examples.length,
    labelCounts: Object.fromEntries(counts),
  }
}

const metadata = z.object({
  bot: z.string(),
  family: z.string(),
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
