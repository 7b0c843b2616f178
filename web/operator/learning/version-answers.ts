import { z } from 'zod'
import { compared, figures, gate, verdict } from './shapes.ts'

const version = z.object({
  bot: z.string(),
  version: z.number(),
  slot: z.string(),
  parent: z.number().nullish(),
  /** Its place in the serving set; one that is not in there is kept for replays. */
  stage: z
    .string()
    .nullable()
    .transform((found) => found ?? 'recorded'),
  aliases: z.array(z.string()),
  labels: z.array(z.string()),
  datasetRoot: z.string().nullish(),
  weightsSha256: z.string().nullish(),
  createdAt: z.string(),
  weight: z.number().nullish(),
  warm: z.boolean().nullish(),
  rollout: z.object({ stage: z.string(), end: z.string().nullish() }).nullish(),
})
export type ListedVersion = Readonly<z.infer<typeof version>>
export const versions = z.object({ versions: z.array(version) })

/** As in `evaluation.json`; families and ages differ in what they tell. */
const evaluation = z.object({
  method: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  pooled: figures.nullish(),
  holdout: figures.nullish(),
  unsure: z
    .object({
      share: z.number(),
      confidence: z.number(),
      curve: z.array(z.object({ confidence: z.number(), share: z.number(), error: z.number().nullable() })).nullish(),
    })
    .nullish(),
  reliability: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.number() })).nullish(),
})

export const versionDetail = version.extend({
  card: z.string().nullish(),
  evaluation: evaluation.nullish().catch(null),
  gates: z.array(gate).nullish(),
  replays: z
    .array(
      z.object({ id: z.string(), against: z.number(), verdict: z.string(), hash: z.string(), createdAt: z.string() }),
    )
    .default([]),
})
export type VersionDetail = Readonly<z.infer<typeof versionDetail>>

export const comparison = z.object({
  labels: z.array(z.string()),
  champion: figures.nullable(),
  challenger: figures.nullable(),
  fixed: z.array(compared),
  broke: z.array(compared),
  fixedCount: z.number(),
  brokeCount: z.number(),
  agreement: z.number().nullish(),
})
export type Comparison = Readonly<z.infer<typeof comparison>>

const replayReport = z.object({
  bot: z.string(),
  version: z.number(),
  against: z.number(),
  requests: z.number(),
  otherPreprocessing: z.number().nullish(),
  older: z.number().nullish(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  agreement: z.number(),
  noiseFloor: z.number(),
  errors: z.number(),
  hash: z.string(),
  verdict,
  why: z.string().nullish(),
  /** Of all; of the lists the report keeps the newest. */
  fixedCount: z.number(),
  brokeCount: z.number(),
  churnCount: z.number(),
  fixed: z.array(compared),
  broke: z.array(compared),
  churn: z.array(compared),
  p50Ms: z.number().nullish(),
  p95Ms: z.number().nullish(),
  cpuSecondsPer1000: z.number().nullish(),
})
export type ReplayFigures = Readonly<z.infer<typeof replayReport>>
export const replay = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  progress: z.object({ done: z.number(), all: z.number() }).nullish(),
  report: replayReport.nullish(),
})
export const replayStarted = z.object({ id: z.string() })

export const dataset = z.object({
  root: z.string(),
  size: z.number(),
  labelCounts: z.record(z.string(), z.number()),
  parts: z.record(z.string(), z.number()),
  corrections: z.number(),
})
