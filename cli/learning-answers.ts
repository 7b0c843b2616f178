import { z } from 'zod'

/* What the operator API answers about learning and rollouts, as far as the commands need it; see answers.ts. */

const verdict = z.string()
export const retrainAsked = z.looseObject({ key: z.string() })
export const retrainCancelled = z.looseObject({ number: z.number() })
const retrain = z.looseObject({
  number: z.number(),
  reason: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  slots: z.array(
    z.looseObject({
      slot: z.string(),
      version: z.number().nullable(),
      progress: z.looseObject({ step: z.number(), of: z.number() }).nullable(),
    }),
  ),
})
export type Retrain = Readonly<z.infer<typeof retrain>>
const learningOfBot = z.looseObject({ bot: z.string(), wait: z.string().nullable(), retrains: z.array(retrain) })
export const learning = z.looseObject({ bots: z.array(learningOfBot) })
export type LearningOfBot = Readonly<z.infer<typeof learningOfBot>>

const version = z.looseObject({
  bot: z.string(),
  version: z.number(),
  slot: z.string(),
  parent: z.number().nullable(),
  stage: z.string().nullable(),
  aliases: z.array(z.string()),
  createdAt: z.string(),
  weightsSha256: z.string(),
  warm: z.boolean(),
  rollout: z.looseObject({ stage: z.string(), end: z.string().nullable() }).nullable(),
})
export const versions = z.looseObject({ versions: z.array(version) })

const rollout = z.looseObject({
  bot: z.string(),
  version: z.number(),
  slot: z.string(),
  champion: z.number(),
  stage: z.string(),
  step: z.number(),
  end: z.string().nullable(),
  reason: z.string().nullable(),
  judgement: z.looseObject({ verdict, why: z.string(), next: z.string() }).nullable(),
  lights: z.array(z.looseObject({ guard: z.string(), light: z.string(), why: z.string() })),
  pairs: z.looseObject({ wins: z.number(), losses: z.number() }),
  eValue: z.number(),
  seen: z.number(),
  wanted: z.number(),
})
export type RolloutState = Readonly<z.infer<typeof rollout>>
export const rollouts = z.looseObject({ rollouts: z.array(rollout) })
export const rolloutDetail = rollout.extend({
  evidence: z.looseObject({ id: z.string(), hash: z.string(), verdict }).nullable(),
})
export const decided = z.looseObject({ decisionId: z.string(), state: z.string() })
export const rolledBack = z.looseObject({ from: z.number(), to: z.number() })

export const jobStarted = z.looseObject({ id: z.string() })
export const replayStarted = z.looseObject({ id: z.string(), recorded: z.number(), most: z.number() })
const report = z.looseObject({
  against: z.number(),
  from: z.string(),
  to: z.string(),
  requests: z.number(),
  otherPreprocessing: z.number().optional(),
  older: z.number().optional(),
  agreement: z.number(),
  noiseFloor: z.number(),
  errors: z.number(),
  fixedCount: z.number(),
  brokeCount: z.number(),
  fixedLearned: z.number().optional(),
  brokeLearned: z.number().optional(),
  churnCount: z.number(),
  churn: z.array(z.looseObject({ prediction: z.string(), champion: z.string(), challenger: z.string() })),
  p95Ms: z.number().nullable(),
  cpuSecondsPer1000: z.number().nullable(),
  hash: z.string(),
  verdict,
  why: z.string(),
})
export type Report = Readonly<z.infer<typeof report>>
export const replay = z.looseObject({
  state: z.string(),
  progress: z.looseObject({ done: z.number(), all: z.number() }).nullable(),
  report: report.nullable(),
})
const rebuilt = z.looseObject({
  outcome: z.string(),
  expected: z.string(),
  weightsSha256: z.string().nullable(),
  differs: z.array(z.string()),
})
export type Rebuilt = Readonly<z.infer<typeof rebuilt>>
export const rebuild = z.looseObject({ state: z.string(), result: rebuilt.nullable() })

const question = z.looseObject({
  id: z.string(),
  bot: z.string(),
  input: z
    .union([
      z.looseObject({ kind: z.literal('picture'), sha256: z.string(), shown: z.boolean() }),
      z.looseObject({ kind: z.literal('text'), text: z.string() }),
    ])
    .nullable(),
  labels: z.array(z.looseObject({ id: z.string(), words: z.string() })),
})
export type Question = Readonly<z.infer<typeof question>>
export const questions = z.looseObject({
  questions: z.array(question),
  progress: z.looseObject({ open: z.number(), labelledToday: z.number(), byMe: z.number() }),
})
export const labelled = z.looseObject({ state: z.string() })
