import { z } from 'zod'
import { rolloutEnds, rolloutStages } from '../../domain/rollout/rollout.ts'
import { stages } from '../../domain/serving-set.ts'
import { comparedInput, figures, gate, verdict } from './judgement.ts'
import { hash, list, time } from './values.ts'

/* Versions, any two of them side by side, and what training them again says. */

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
const version = z.object({
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
export type ListedVersion = Readonly<z.infer<typeof version>>
export const versions = z.object({ versions: list(version) })

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
export type VersionDetail = Readonly<z.infer<typeof versionDetail>>

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
export type Comparison = Readonly<z.infer<typeof comparison>>
