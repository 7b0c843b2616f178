import { z } from 'zod'
import { gateIds, guardIds, verdicts } from '../../domain/rollout/verdict.ts'
import { label, list, shownInput } from './values.ts'

/* How a version is judged: figures, gates, guards, and two versions on the same inputs. */

export const verdict = z.enum(verdicts)
export const judgement = z.object({ verdict, why: z.string(), next: z.string() })
export const gate = z.object({ gate: z.enum(gateIds), verdict, why: z.string() })
export type Gate = Readonly<z.infer<typeof gate>>
export const light = z.object({
  guard: z.enum(guardIds),
  light: z.enum(['green', 'yellow', 'red', 'no_data']),
  why: z.string(),
})
export type Light = Readonly<z.infer<typeof light>>

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

export const compared = z.object({
  prediction: z.string(),
  champion: label,
  challenger: label,
  truth: label.optional(),
  earlier: z.number().optional().describe('Messages that had come before in the same conversation.'),
  learned: z.literal(true).optional().describe('One of both was trained on it: no evidence.'),
})
export const comparedInput = compared.extend({ input: shownInput.nullable() })
export type ComparedInput = Readonly<z.infer<typeof comparedInput>>
