import { z } from 'zod'
import type { Outcome } from '../../domain/outcome.ts'
import { correctionOfInput, correctionState } from './corrections.ts'
import { label, prediction, time } from './values.ts'

/* Messages: what came, what was said and why. */

const outcomes = ['answered', 'refused', 'failed', 'expired'] as const satisfies readonly Outcome[]
export const outcome = z.enum(outcomes)
/** How a message ended; `open`: it has not. */
export const outcomeNames = [...outcomes, 'open'] as const
export type OutcomeName = (typeof outcomeNames)[number]
/** The name of what the API tells as an outcome. */
export const outcomeName = (told: Outcome | null): OutcomeName => told ?? 'open'

const summary = z.object({
  id: z.uuid(),
  bot: z.string(),
  channel: z.string(),
  workflowId: z.string(),
  workflowUrl: z.url(),
  sentAt: time,
  receivedAt: time,
  outcome: outcome.nullable().describe('null: no outcome yet.'),
  outcomeReason: z.string().nullable(),
  answerMs: z.number().nullable().describe('From the commit of the event to the recorded outcome, in milliseconds.'),
  pictures: z.number(),
  text: z.string().describe('The first 120 characters.'),
  answer: z.object({ label, confidence: z.number(), known: z.boolean(), unsure: z.boolean() }).nullable(),
  correction: correctionState.nullable(),
  synthetic: z.boolean().describe('Made by a load test.'),
})
export type MessageSummary = Readonly<z.infer<typeof summary>>
export const messagesFound = z.object({ messages: z.array(summary) })
export const messagePage = messagesFound.extend({ next: z.string().nullable() })

const score = z.object({
  slot: z.string(),
  version: z.number(),
  stage: z.string(),
  label: label.nullable(),
  confidence: z.number().nullable(),
  known: z.boolean().nullable(),
  probabilities: z.record(z.string(), z.number()).nullable(),
  evalMs: z.number().nullable().describe('How long the model itself took, in milliseconds.'),
  attempts: z.number(),
  error: z.string().nullable(),
  scoredAt: time.nullable(),
})
export type Score = Readonly<z.infer<typeof score>>
const candidate = z.object({
  slot: z.string(),
  version: z.number(),
  label,
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
  label,
  confidence: z.number(),
  known: z.boolean(),
  unsure: z.boolean(),
  reason: z.string(),
  deadlineHit: z.boolean(),
  candidates: z.array(candidate),
  decidedAt: time,
})
export type Choice = Readonly<z.infer<typeof choice>>
const input = z.object({
  position: z.number(),
  prediction,
  picture: z.object({ sha256: z.string(), width: z.number(), height: z.number(), url: z.string() }).nullable(),
  scores: z.array(score).describe('Of every version that was asked, late ones too.'),
  choice: choice.nullable(),
  correction: correctionOfInput.nullable(),
})
export type Input = Readonly<z.infer<typeof input>>
const reply = z.object({
  kind: z.string(),
  state: z.string(),
  text: z.string(),
  attempts: z.number(),
  adopted: z.boolean().describe('An earlier attempt was found at the platform instead of posting again.'),
  failure: z.string().nullable(),
  createdAt: time,
  sentAt: time.nullable(),
  platformId: z.string().nullable(),
})
export type Reply = Readonly<z.infer<typeof reply>>
export const message = summary.extend({
  text: z.string(),
  address: z.object({ kind: z.string(), link: z.string().nullable() }),
  inputs: z.array(input),
  replies: z.array(reply),
})
export type Message = Readonly<z.infer<typeof message>>

export const askRequest = z.object({
  bot: z.string(),
  text: z.string().max(40_000).default(''),
  pictures: z
    .array(z.object({ base64: z.base64().max(14_000_000), name: z.string().max(100).optional() }))
    .max(10)
    .default([]),
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
})
export const asked = z.object({ id: z.uuid(), workflowId: z.string() })

export const retried = z.object({ id: z.uuid(), workflowId: z.string(), workflowUrl: z.url() })
export const allRetried = z.object({ count: z.number(), ids: z.array(z.string()) })
