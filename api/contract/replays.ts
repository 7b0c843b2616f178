import { z } from 'zod'
import { comparedInput, verdict } from './judgement.ts'
import { botName, hash, list, number, time } from './values.ts'

/* Replays and rebuilds: both run elsewhere, and are asked for again. */

const count = z.number()
const state = z.enum(['running', 'done', 'failed'])

export const replayRequest = z
  .object({
    bot: botName,
    version: number,
    against: number.optional(),
    since: time.optional().describe('Only what was recorded from then on.'),
    until: time.optional().describe('Only what was recorded before then.'),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || Date.parse(since) < Date.parse(until), {
    path: ['until'],
    message: 'it must be later than `since`',
  })
export type ReplayRequest = Readonly<z.output<typeof replayRequest>>
export const replayStarted = z.object({ id: z.uuid(), recorded: z.number(), most: z.number() })

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
export type ReplayReport = Readonly<z.infer<typeof report>>
export const replay = z.object({
  id: z.uuid(),
  state,
  progress: z.object({ done: count, all: count }).nullable(),
  report: report.nullable(),
})
export type Replay = Readonly<z.infer<typeof replay>>

export const rebuildStarted = z.object({ id: z.string() })
const rebuilt = z.object({
  outcome: z.enum(['same', 'different', 'refused']),
  expected: hash,
  weightsSha256: hash.nullable(),
  differs: list(z.string()),
})
export type Rebuilt = Readonly<z.infer<typeof rebuilt>>
export const rebuild = z.object({ id: z.string(), state, result: rebuilt.nullable() })
