import { z } from 'zod'
import { namedLabel, time } from './values.ts'

/* The bots, their pauses and labels, and what is wrong. */

const bot = z.object({
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
export type BotState = Readonly<z.infer<typeof bot>>
export const bots = z.object({ bots: z.array(bot) })

export const paused = z.object({ bot: z.string(), paused: z.boolean() })
export const resumeRequest = z.object({ answerAll: z.boolean().default(false) }).nullish()
export const resumed = z.object({ bot: z.string(), paused: z.boolean(), waited: z.number() })

/** Longer ones are no ids and no words; the domain says so in words of its own. */
const typed = z.string().trim().max(500)
export const labelRequest = z.object({
  id: typed.describe('Lower-case letters, digits and dashes, at most 60 characters.'),
  words: typed.describe('What people read, at most 80 characters.'),
})
export const botLabels = z.object({ bot: z.string(), labels: z.array(namedLabel) })
export type BotLabels = Readonly<z.infer<typeof botLabels>>

const check = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
  next: z.string(),
})
export type Check = Readonly<z.infer<typeof check>>
export const checks = z.object({ checks: z.array(check) })
