import { z } from 'zod'
import { exampleParts } from '../../../domain/learning/examples.ts'
import { retrainReasons, retrainStates } from '../../../domain/learning/status.ts'
import { voteWays } from '../../../domain/inbound.ts'
import { gateIds, guardIds, verdicts } from '../../../domain/rollout/verdict.ts'
import { correction, label } from '../shapes.ts'

/* What the operator API tells of learning, in words that OpenAPI shows too. */

/** A list that is handed through as it is. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
export const time = z.iso.datetime({ offset: true })
export const botName = z.string().max(60)
export const number = z.coerce.number().int().min(1).max(1_000_000)
export const versionKey = z.object({ bot: botName, version: number })
export const hash = z.string().describe('SHA-256 in hexadecimal.')
export const verdict = z.enum(verdicts)

/** What a page shows of an input; `null` for an example of a dataset, which is no message. */
const shownInput = z.union([
  z.object({
    kind: z.literal('picture'),
    sha256: hash,
    shown: z.boolean().describe('false: moderation withholds it.'),
  }),
  z.object({ kind: z.literal('text'), text: z.string() }),
])

export const figures = z.object({
  count: z.number(),
  support: list(z.number()),
  accuracy: z.number(),
  balancedAccuracy: z.number(),
  majorityRate: z.number(),
  ece: z.number(),
  confusion: list(list(z.number())).describe('Rows: truth; columns: what was said.'),
  auc: list(z.number().nullable()),
})
export const gate = z.object({ gate: z.enum(gateIds), verdict, why: z.string() })
export const light = z.object({
  guard: z.enum(guardIds),
  light: z.enum(['green', 'yellow', 'red', 'no_data']),
  why: z.string(),
})
export const judgement = z.object({ verdict, why: z.string(), next: z.string() })
export const compared = z.object({
  prediction: z.string(),
  champion: label,
  challenger: label,
  truth: label.optional(),
  earlier: z.number().optional().describe('Messages that had come before in the same conversation.'),
  learned: z.literal(true).optional().describe('One of both was trained on it: no evidence.'),
})
export const comparedInput = compared.extend({ input: shownInput.nullable() })

const learningStatus = z.object({
  bot: z.string(),
  accepted: z.number(),
  wanted: z.number(),
  usable: z.number(),
  people: z.number(),
  peopleWanted: z.number(),
  largestShare: z.number(),
  reviewersBatch: z.boolean(),
  coolDownUntil: z.number().optional().describe('Milliseconds since the epoch.'),
  nextCheckAt: z.number().optional(),
  running: z.number().optional(),
  nextNumber: z.number(),
})
export const schedule = z.object({
  cron: z.string().describe('In UTC.'),
  nextAt: time.nullable(),
  paused: z.boolean(),
  note: z.string().nullable(),
})
const retrainSlot = z.object({
  slot: z.string(),
  parent: z.number().nullable(),
  version: z.number().nullable(),
  gates: list(gate).nullable(),
  progress: z.object({ step: z.number(), of: z.number(), loss: z.number().nullable() }).nullable(),
})
const retrain = z.object({
  number: z.number(),
  reason: z.enum(retrainReasons),
  state: z.enum(retrainStates),
  outcome: z.string().nullable(),
  datasetRoot: z.string().nullable(),
  startedAt: time,
  finishedAt: time.nullable(),
  workflowUrl: z.string(),
  slots: list(retrainSlot),
})
export const botLearning = z.object({
  bot: z.string(),
  status: learningStatus,
  wait: z.string().nullable().describe('null: it is about to learn.'),
  schedule: schedule.nullable(),
  scheduleKnown: z.boolean().describe('false: Temporal does not answer, so whether there is one is not known.'),
  retrains: list(retrain),
  correctionToLiveMedianMs: z.number().nullable(),
})

export const listedCorrection = correction.extend({
  votesList: list(
    z.object({
      personId: z.uuid(),
      label: label.nullable(),
      reviewer: z.boolean(),
      via: z.enum(voteWays),
      at: time,
    }),
  ),
  input: shownInput.nullable().describe('null: the message is gone.'),
  datasets: list(
    z.object({ root: z.string(), versions: list(z.number()), part: z.enum(['train', 'correction-holdout']) }),
  ),
  confidence: z.number().nullable(),
})

export const dataset = z.object({
  root: hash,
  bot: z.string(),
  size: z.number(),
  labelCounts: z.record(z.string(), z.number()),
  parts: z.record(z.string(), z.number()).describe(`How many examples are in each part: ${exampleParts.join(', ')}.`),
  parent: z.string().nullable(),
  corrections: z.number(),
  versions: list(z.number()),
  createdAt: time,
})

export const question = z.object({
  id: z.uuid(),
  bot: z.string(),
  version: z.number().nullable(),
  reason: z.enum(['disagreement', 'random']),
  input: shownInput.nullable(),
  labels: list(z.object({ id: z.string(), words: z.string() })),
  askedAt: time,
})

export type BotLearning = z.input<typeof botLearning>
