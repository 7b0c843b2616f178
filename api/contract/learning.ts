import { z } from 'zod'
import { retrainReasons, retrainStates } from '../../domain/learning/status.ts'
import { gate } from './judgement.ts'
import { list, time } from './values.ts'

/* When the bots learn, and their retrains. */

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
const schedule = z.object({
  cron: z.string().describe('In UTC.'),
  nextAt: time.nullable(),
  paused: z.boolean(),
  note: z.string().nullable(),
})
export type Schedule = Readonly<z.infer<typeof schedule>>
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
export type Retrain = Readonly<z.infer<typeof retrain>>
const botLearning = z.object({
  bot: z.string(),
  status: learningStatus,
  wait: z.string().nullable().describe('null: it is about to learn.'),
  schedule: schedule.nullable(),
  scheduleKnown: z.boolean().describe('false: Temporal does not answer, so whether there is one is not known.'),
  retrains: list(retrain),
  correctionToLiveMedianMs: z.number().nullable(),
})
export type BotLearning = Readonly<z.infer<typeof botLearning>>
export const learning = z.object({ bots: list(botLearning) })

export const retrainRequest = z
  .object({ demo: z.boolean().default(false).describe('One correction is enough; marked on every card.') })
  .nullish()
export const retrainAsked = z.object({ key: z.string() })
export const retrainCancelled = z.object({ number: z.number() })

export const scheduleRequest = z.object({
  action: z.enum(['pause', 'resume', 'trigger']),
  note: z.string().max(200).optional(),
})
export type ScheduleRequest = Readonly<z.infer<typeof scheduleRequest>>
export const scheduleChanged = z.object({ schedule })
