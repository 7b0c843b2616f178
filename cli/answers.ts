import { z } from 'zod'

/* What the operator API answers, as far as the commands need it. Unknown fields are left alone, so that the API may grow. */

export const problem = z.object({ title: z.string(), detail: z.string().optional() })

const label = z.object({ id: z.string(), words: z.string() })
const today = z.object({
  messages: z.number(),
  answered: z.number(),
  refused: z.number(),
  failed: z.number(),
  expired: z.number(),
  open: z.number(),
})
export const bot = z.looseObject({
  name: z.string(),
  family: z.string(),
  channels: z.array(z.string()),
  labels: z.array(label),
  policy: z.string(),
  paused: z.object({ since: z.string(), by: z.string() }).nullable(),
  health: z.object({ state: z.enum(['ok', 'waiting', 'down']), reason: z.string().nullish() }),
  versions: z.array(
    z.object({ slot: z.string(), version: z.number(), stage: z.string(), baseline: z.boolean().nullish() }),
  ),
  today,
  answerMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
  waitingForPeople: z.number(),
})
export type BotState = Readonly<z.infer<typeof bot>>
export const bots = z.object({ bots: z.array(bot) })
export const botLabels = z.object({ bot: z.string(), labels: z.array(label) })
export type BotLabels = Readonly<z.infer<typeof botLabels>>

const outcome = z.enum(['answered', 'refused', 'failed', 'expired', 'open'])
const time = z.string()
const summary = z.looseObject({
  id: z.string(),
  bot: z.string(),
  channel: z.string(),
  workflowId: z.string(),
  workflowUrl: z.string().nullish(),
  sentAt: time,
  receivedAt: time,
  outcome: outcome.nullable().transform((found) => found ?? 'open'),
  outcomeReason: z.string().nullish(),
  answerMs: z.number().nullish(),
  text: z.string().nullish(),
  synthetic: z.boolean().nullish(),
})
export const found = z.object({ messages: z.array(summary) })

const vote = z.object({
  label: z.string().nullable(),
  via: z.string(),
  reviewer: z.boolean().nullish(),
  verdict: z.string().nullable(),
  at: time,
  person: z.string().nullish(),
})
const correction = z.looseObject({
  state: z.string(),
  label: z.string().nullish(),
  decidedBy: z.string().nullish(),
  /** How many votes settle it, where the API says so. */
  needed: z.number().nullish(),
  votes: z.array(vote).default([]),
})
export type Correction = Readonly<z.infer<typeof correction>>

const score = z.looseObject({
  slot: z.string(),
  version: z.number(),
  stage: z.string(),
  label: z.string().nullable(),
  confidence: z.number().nullable(),
  known: z.boolean().nullable(),
  evalMs: z.number().nullish(),
  attempts: z.number().nullish(),
  error: z.string().nullish(),
  scoredAt: time.nullish(),
})
const choice = z.looseObject({
  policy: z.string(),
  slot: z.string(),
  version: z.number(),
  label: z.string(),
  confidence: z.number(),
  known: z.boolean(),
  unsure: z.boolean(),
  reason: z.string(),
  deadlineHit: z.boolean(),
  decidedAt: time,
})
const input = z.looseObject({
  position: z.number(),
  picture: z.looseObject({ sha256: z.string(), width: z.number(), height: z.number() }).nullable(),
  scores: z.array(score),
  choice: choice.nullable(),
  prediction: z.string(),
  correction: correction.nullable(),
})
export type Input = Readonly<z.infer<typeof input>>
const reply = z.looseObject({
  kind: z.string(),
  state: z.string(),
  text: z.string(),
  attempts: z.number().nullish(),
  adopted: z.boolean().nullish(),
  failure: z.string().nullish(),
  createdAt: time,
  sentAt: time.nullish(),
})
export const message = summary.extend({
  text: z.string().nullable(),
  address: z.looseObject({ kind: z.string(), link: z.string().nullish() }).nullish(),
  inputs: z.array(input),
  replies: z.array(reply),
})
export type Message = Readonly<z.infer<typeof message>>

export const started = z.looseObject({ id: z.string(), workflowId: z.string() })
export const retried = z.looseObject({ count: z.number(), ids: z.array(z.string()) })
export const session = z.looseObject({ person: z.looseObject({ id: z.string() }) })
export const castVote = z.looseObject({ vote: z.string() })
export const link = z.looseObject({ url: z.string() })
export const pausing = z.looseObject({ bot: z.string(), paused: z.unknown() })

const check = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
  next: z.string().nullish(),
})
export type Check = Readonly<z.infer<typeof check>>
export const checks = z.object({ checks: z.array(check) })

/** Counts of whole milliseconds, in rising order. */
const histogram = z.array(z.tuple([z.number(), z.number()]))
export const loadTest = z.looseObject({
  id: z.string(),
  state: z.enum(['sending', 'waiting', 'done', 'stopped']),
  planned: z.number(),
  sent: z.number(),
  answered: z.number(),
  failed: z.number(),
  open: z.number(),
  notStored: z.number(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }).nullable(),
  histogram,
  sentOutside: z.number(),
})
export type LoadTest = Readonly<z.infer<typeof loadTest>>
export const loadTestStarted = z.looseObject({ id: z.string() })
