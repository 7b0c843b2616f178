import { z } from 'zod'
import { correctionStates } from '../answers.ts'
import { gate, seenInput } from './shapes.ts'

const schedule = z.object({
  cron: z.string(),
  nextAt: z.string().nullish(),
  paused: z.boolean(),
  note: z.string().nullish(),
})
export type ScheduleState = Readonly<z.infer<typeof schedule>>

const retrain = z.object({
  number: z.number(),
  reason: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  outcome: z.string().nullish(),
  datasetRoot: z.string().nullish(),
  startedAt: z.string(),
  finishedAt: z.string().nullish(),
  slots: z.array(
    z.object({
      slot: z.string(),
      parent: z.number().nullish(),
      version: z.number().nullish(),
      gates: z.array(gate).nullish(),
      progress: z.object({ step: z.number(), of: z.number(), loss: z.number().nullish() }).nullish(),
    }),
  ),
})
export type Retrain = Readonly<z.infer<typeof retrain>>

const learningBot = z.object({
  bot: z.string(),
  status: z.object({
    accepted: z.number(),
    wanted: z.number(),
    people: z.number(),
    peopleWanted: z.number(),
    running: z.number().nullish(),
  }),
  wait: z.string().nullish(),
  schedule: schedule.nullish(),
  /** False while Temporal does not answer: then there may well be one. */
  scheduleKnown: z.boolean().default(true),
  retrains: z.array(retrain),
  correctionToLiveMedianMs: z.number().nullish(),
})
export type LearningBot = Readonly<z.infer<typeof learningBot>>
export const learning = z.object({ bots: z.array(learningBot) })

const correction = z.object({
  prediction: z.string(),
  messageId: z.string(),
  bot: z.string(),
  state: z.enum(correctionStates),
  label: z.string().nullable(),
  predicted: z.string().nullable(),
  confidence: z.number().nullish(),
  decidedBy: z.string().nullable(),
  openedAt: z.string(),
  decidedAt: z.string().nullish(),
  votesList: z
    .array(
      z.object({
        personId: z.string(),
        label: z.string().nullish(),
        reviewer: z.boolean(),
        via: z.string(),
        at: z.string(),
      }),
    )
    .default([]),
  input: seenInput,
  datasets: z.array(z.object({ root: z.string(), versions: z.array(z.number()), part: z.string() })).default([]),
})
export type ListedCorrection = Readonly<z.infer<typeof correction>>
export const corrections = z.object({ corrections: z.array(correction) })

const question = z.object({
  id: z.string(),
  bot: z.string(),
  input: seenInput,
  labels: z.array(z.object({ id: z.string(), words: z.string() })),
  askedAt: z.string(),
})
export type BlindQuestion = Readonly<z.infer<typeof question>>
export const questions = z.object({
  questions: z.array(question),
  progress: z.object({ open: z.number(), labelledToday: z.number(), byMe: z.number() }),
})
