import { z } from 'zod'

/* What the operator API answers, as far as the pages need it. Unknown fields are left alone, so that the API may grow. */

export const outcomes = ['answered', 'refused', 'failed', 'expired', 'open'] as const
export type OutcomeName = (typeof outcomes)[number]

export const correctionStates = [
  'open',
  'accepted',
  'confirmed',
  'conflicted',
  'quarantined',
  'rejected',
  'undecided',
  'revoked',
] as const
export type CorrectionStateName = (typeof correctionStates)[number]

export const session = z.object({
  person: z.object({ id: z.string(), name: z.string().nullish() }),
  roles: z.record(z.string(), z.string()),
})
export type Session = Readonly<z.infer<typeof session>>

const label = z.object({ id: z.string(), words: z.string() })
export type LabelWords = Readonly<z.infer<typeof label>>

const bot = z.object({
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
  today: z.object({
    messages: z.number(),
    answered: z.number(),
    refused: z.number(),
    failed: z.number(),
    expired: z.number(),
    open: z.number(),
  }),
  answerMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
  waitingForPeople: z.number(),
  /** Pages on which a person can talk to the bot: those of the simulators. */
  talkAt: z.array(z.object({ channel: z.string(), url: z.string() })).optional(),
})
export type BotState = Readonly<z.infer<typeof bot>>
export const bots = z.object({ bots: z.array(bot) })

const summary = z.object({
  id: z.string(),
  bot: z.string(),
  channel: z.string(),
  workflowId: z.string(),
  workflowUrl: z.string().nullish(),
  sentAt: z.string(),
  receivedAt: z.string(),
  outcome: z
    .enum(outcomes)
    .nullable()
    .transform((found) => found ?? 'open'),
  outcomeReason: z.string().nullish(),
  answerMs: z.number().nullish(),
  pictures: z.number(),
  text: z.string().nullish(),
  answer: z.object({ label: z.string(), confidence: z.number(), known: z.boolean(), unsure: z.boolean() }).nullable(),
  correction: z.enum(correctionStates).nullable(),
  synthetic: z.boolean(),
})
export type MessageSummary = Readonly<z.infer<typeof summary>>
export const messagePage = z.object({ messages: z.array(summary), next: z.string().nullable() })
export const found = z.object({ messages: z.array(summary) })

const vote = z.object({
  label: z.string().nullable(),
  via: z.string(),
  reviewer: z.boolean().nullish(),
  verdict: z.string().nullable(),
  at: z.string(),
  person: z.string().nullish(),
})
export type Vote = Readonly<z.infer<typeof vote>>
const correction = z.object({
  state: z.enum(correctionStates),
  label: z.string().nullable(),
  decidedBy: z.string().nullable(),
  votes: z.array(vote),
})
export type Correction = Readonly<z.infer<typeof correction>>

const score = z.object({
  slot: z.string(),
  version: z.number(),
  stage: z.string(),
  label: z.string().nullable(),
  confidence: z.number().nullable(),
  known: z.boolean().nullable(),
  probabilities: z.record(z.string(), z.number()).nullable(),
  evalMs: z.number().nullish(),
  attempts: z.number().nullish(),
  error: z.string().nullish(),
  scoredAt: z.string().nullish(),
})
export type Score = Readonly<z.infer<typeof score>>

const candidate = z.object({
  slot: z.string(),
  version: z.number(),
  label: z.string(),
  confidence: z.number(),
  known: z.boolean(),
  arrivedMs: z.number(),
  used: z.boolean(),
})
export type Candidate = Readonly<z.infer<typeof candidate>>
const choice = z.object({
  policy: z.string(),
  slot: z.string(),
  version: z.number(),
  label: z.string(),
  confidence: z.number(),
  known: z.boolean(),
  unsure: z.boolean(),
  reason: z.string(),
  deadlineHit: z.boolean(),
  candidates: z.array(candidate),
  decidedAt: z.string(),
})
export type Choice = Readonly<z.infer<typeof choice>>

const input = z.object({
  position: z.number(),
  picture: z.object({ sha256: z.string(), width: z.number(), height: z.number(), url: z.string() }).nullable(),
  scores: z.array(score),
  choice: choice.nullable(),
  prediction: z.string(),
  correction: correction.nullable(),
})
export type Input = Readonly<z.infer<typeof input>>
const reply = z.object({
  kind: z.string(),
  state: z.string(),
  text: z.string(),
  attempts: z.number(),
  adopted: z.boolean(),
  failure: z.string().nullish(),
  createdAt: z.string(),
  sentAt: z.string().nullish(),
  platformId: z.string().nullish(),
})
export type Reply = Readonly<z.infer<typeof reply>>
export const message = summary.extend({
  address: z.object({ kind: z.string(), link: z.string().nullish() }).nullish(),
  inputs: z.array(input),
  replies: z.array(reply),
})
export type Message = Readonly<z.infer<typeof message>>
