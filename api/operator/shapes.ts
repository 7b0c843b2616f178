import { z } from 'zod'
import { correctionStates } from '../../domain/correction.ts'
import { voteWays } from '../../domain/inbound.ts'
import { roles } from '../../domain/people.ts'

/* The operator API's answers, in words that OpenAPI shows too. */

export const outcome = z.enum(['answered', 'refused', 'failed', 'expired'])
export const correctionState = z.enum(correctionStates)
export const role = z.enum(roles)
const time = z.iso.datetime({ offset: true })
export const label = z.string().describe('The id of a label.')
export const namedLabel = z.object({ id: z.string(), words: z.string().describe('What people read.') })
export const prediction = z
  .string()
  .describe('`<message>` for its first picture or its text, `<message>_<position>` else.')

/** What went wrong and what to do next (RFC 9457). */
export const problem = z.object({ type: z.string(), status: z.number(), title: z.string(), detail: z.string() })

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
  answer: z.object({ label, confidence: z.number(), known: z.boolean(), unsure: z.boolean() }).nullable(),
  correction: correctionState.nullable(),
  synthetic: z.boolean().describe('Made by a load test.'),
})

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
const candidate = z.object({
  slot: z.string(),
  version: z.number(),
  label,
  confidence: z.number(),
  known: z.boolean(),
  arrivedMs: z.number(),
  used: z.boolean(),
})
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
const vote = z.object({
  label: label.nullable().describe('null: the person cannot tell.'),
  via: z.enum(voteWays),
  reviewer: z.boolean(),
  verdict: z.enum(['counted', 'daily-limit', 'superseded', 'too-late']).nullable().describe('null: not counted yet.'),
  at: time,
  person: z.uuid(),
})
const decidedBy = z.enum(['quorum', 'reviewer']).nullable()
const correctionOfInput = z.object({
  state: correctionState,
  label: label.nullable(),
  decidedBy,
  needed: z.number().describe('How many votes settle it.'),
  votes: z.array(vote),
})
const input = z.object({
  position: z.number(),
  prediction,
  picture: z.object({ sha256: z.string(), width: z.number(), height: z.number(), url: z.string() }).nullable(),
  scores: z.array(score).describe('Of every version that was asked, late ones too.'),
  choice: choice.nullable(),
  correction: correctionOfInput.nullable(),
})
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
export const detail = summary.extend({
  text: z.string(),
  address: z.object({ kind: z.string(), link: z.string().nullable() }),
  inputs: z.array(input),
  replies: z.array(reply),
})

export const correction = z.object({
  prediction,
  messageId: z.uuid(),
  bot: z.string(),
  state: correctionState,
  label: label.nullable(),
  predicted: label.nullable(),
  decidedBy,
  openedAt: time,
  decidedAt: time.nullable(),
  votes: z.number().describe('Votes that stand.'),
})

export const bot = z.object({
  name: z.string(),
  family: z.string(),
  channels: z.array(z.string()),
  labels: z.array(namedLabel),
  policy: z.string(),
  paused: z.object({ since: time, by: z.string() }).nullable(),
  health: z.object({ state: z.enum(['ok', 'waiting', 'down']), reason: z.string() }),
  versions: z.array(z.object({ slot: z.string(), version: z.number(), stage: z.string(), baseline: z.boolean() })),
  today: z
    .object({
      messages: z.number(),
      answered: z.number(),
      refused: z.number(),
      failed: z.number(),
      expired: z.number(),
      open: z.number(),
    })
    .describe('Since midnight UTC, without load tests.'),
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
export type Check = Readonly<z.infer<typeof check>>

export const person = z.object({
  id: z.uuid(),
  channel: z.string(),
  since: time,
  messages: z.number(),
  roles: z.record(z.string(), role),
})
