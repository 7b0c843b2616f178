import { z } from 'zod'
import { rolloutEnds, rolloutStages } from '../../../../domain/rollout/rollout.ts'
import { stages } from '../../../../domain/serving-set.ts'
import { comparedInput, figures, gate, hash, list, time, verdict } from '../shapes.ts'

/* Versions, replays and rebuilds, as the operator API tells them. */

const lineage = z.object({
  retrain: z.number(),
  reason: z.string(),
  seed: z.number(),
  trainerVersion: z.string(),
  machine: z.string(),
  libraries: z.record(z.string(), z.string()),
  parent: z.number().nullable(),
  newCorrections: z.number(),
  codeFingerprint: z.string(),
})
export const version = z.object({
  bot: z.string(),
  version: z.number(),
  slot: z.string(),
  parent: z.number().nullable(),
  stage: z.enum(stages).nullable().describe('Its place in the serving set; null: it is not in there.'),
  aliases: list(z.enum(['champion', 'challenger', 'baseline'])),
  labels: list(z.string()),
  datasetRoot: hash,
  weightsSha256: hash,
  createdAt: time,
  lineage: lineage.nullable().describe('null: a starter version, or one from elsewhere.'),
  weight: z.number(),
  warm: z.boolean(),
  rollout: z.object({ stage: z.enum(rolloutStages), end: z.enum(rolloutEnds).nullable() }).nullable(),
})
const replayLine = z.object({
  id: z.uuid(),
  against: z.number(),
  verdict,
  hash,
  createdAt: time,
  requests: z.number(),
  agreement: z.number(),
  noiseFloor: z.number(),
})
export const versionDetail = version.extend({
  card: z.string().describe('Markdown.'),
  evaluation: z.unknown().describe('evaluation.json as training wrote it.'),
  gates: list(gate),
  replays: list(replayLine),
})
export const comparison = z.object({
  labels: list(z.string()),
  champion: figures.nullable(),
  challenger: figures.nullable().describe('On the same held-out rows; null: there are none.'),
  fixed: list(comparedInput),
  broke: list(comparedInput),
  fixedCount: z.number(),
  brokeCount: z.number(),
  agreement: z.number().nullable().describe('Share of the requests that both have answered.'),
  compared: z.number(),
})
const count = z.number()
const report = z.object({
  bot: z.string(),
  version: count,
  against: count,
  from: time,
  to: time,
  requests: count,
  otherPreprocessing: count.optional().describe('Recordings of inputs that were prepared by other rules: not played.'),
  older: count.optional().describe('Recordings of the same time that are not played: only the newest are.'),
  agreement: count,
  noiseFloor: count.describe('Share in which the other version repeats itself: 1, or the comparison is worth nothing.'),
  errors: count,
  labelled: count,
  fixedCount: count,
  brokeCount: count,
  fixedLearned: count.optional().describe('How many of the fixed ones one of both was trained on.'),
  brokeLearned: count.optional(),
  churnCount: count,
  fixed: list(comparedInput),
  broke: list(comparedInput),
  churn: list(comparedInput),
  p50Ms: count.nullable(),
  p95Ms: count.nullable(),
  againstP95Ms: count.nullable(),
  cpuSecondsPer1000: count.nullable(),
  hash,
  verdict,
  why: z.string(),
})
const jobState = z.enum(['running', 'done', 'failed'])
export const replay = z.object({
  id: z.uuid(),
  state: jobState,
  progress: z.object({ done: count, all: count }).nullable(),
  report: report.nullable(),
})
export const rebuild = z.object({
  id: z.string(),
  state: jobState,
  result: z
    .object({
      outcome: z.enum(['same', 'different', 'refused']),
      expected: hash,
      weightsSha256: hash.nullable(),
      differs: list(z.string()),
    })
    .nullable(),
})
