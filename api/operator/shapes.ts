import { z } from 'zod'
import { correctionStates } from '../../domain/correction.ts'
import { roles } from '../../domain/people.ts'

/* The operator API's answers, in words that OpenAPI shows too. */

export const outcome = z.enum(['answered', 'refused', 'failed', 'expired'])
export const correctionState = z.enum(correctionStates)
export const role = z.enum(roles)
const time = z.iso.datetime()

export const problem = z
  .object({ type: z.string(), status: z.number(), title: z.string(), detail: z.string() })
  .describe('What went wrong and what to do next (RFC 9457).')

export const summary = z.object({
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
  answer: z.object({ label: z.string(), confidence: z.number(), known: z.boolean(), unsure: z.boolean() }).nullable(),
  correction: correctionState.nullable(),
  synthetic: z.boolean().describe('Made by a load test.'),
})

export const detail = summary.extend({
  text: z.string(),
  address: z.object({ kind: z.string(), link: z.string().nullable() }),
  inputs: z.array(z.unknown()).describe('Per picture or text: scores of every version, the choice, the correction.'),
  replies: z.array(z.unknown()),
})

export const bot = z.object({
  name: z.string(),
  family: z.string(),
  channels: z.array(z.string()),
  labels: z.array(z.object({ id: z.string(), words: z.string() })),
  policy: z.string(),
  paused: z.object({ since: time, by: z.string() }).nullable(),
  health: z.object({ state: z.enum(['ok', 'waiting', 'down']), reason: z.string() }),
  versions: z.array(z.object({ slot: z.string(), version: z.number(), stage: z.string(), baseline: z.boolean() })),
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
  talkAt: z.array(z.object({ channel: z.string(), url: z.string() })),
})

export const check = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
  next: z.string(),
})

export const person = z.object({
  id: z.uuid(),
  channel: z.string(),
  since: time,
  messages: z.number(),
  roles: z.record(z.string(), role),
})
