import { z } from 'zod'
import { list, shownInput, time } from './values.ts'

/* Blind questions: what is it, without knowing who said what? */

const question = z.object({
  id: z.uuid(),
  bot: z.string(),
  version: z.number().nullable(),
  reason: z.enum(['disagreement', 'random']),
  input: shownInput.nullable(),
  labels: list(z.object({ id: z.string(), words: z.string() })),
  askedAt: time,
})
export type BlindQuestion = Readonly<z.infer<typeof question>>
export const questions = z.object({
  questions: list(question),
  progress: z.object({ open: z.number(), labelledToday: z.number(), byMe: z.number() }),
})
export type BlindQuestions = Readonly<z.infer<typeof questions>>

export const blindLabelRequest = z.object({ label: z.string().max(60).nullable() })
export const blindLabelTaken = z.object({ state: z.enum(['open', 'closed']), votes: z.number(), needed: z.number() })
