import { z } from 'zod'

/* What the answers about learning and rollouts share. */

/** A picture by its hash, or a text; `shown` is false for a picture that moderation keeps back. */
export const seenInput = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('picture'), sha256: z.string(), shown: z.boolean() }),
    z.object({ kind: z.literal('text'), text: z.string() }),
  ])
  .nullish()
export type SeenInput = z.infer<typeof seenInput>

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'no_data'])
export type VerdictName = z.infer<typeof verdict>

export const gate = z.object({ gate: z.string(), verdict, why: z.string() })
export type Gate = Readonly<z.infer<typeof gate>>

export const light = z.object({
  guard: z.string(),
  light: z.enum(['green', 'yellow', 'red', 'no_data']),
  why: z.string(),
})
export type Light = Readonly<z.infer<typeof light>>

export const judgement = z.object({ verdict, why: z.string(), next: z.string() })
export type JudgementWords = Readonly<z.infer<typeof judgement>>

/** Both answers to one input. */
export const compared = z.object({
  prediction: z.string(),
  champion: z.string(),
  challenger: z.string(),
  truth: z.string().nullish(),
  earlier: z.number().nullish(),
  learned: z.boolean().nullish(),
  input: seenInput,
})
export type ComparedInput = Readonly<z.infer<typeof compared>>

/** How a version did on held-out rows. Confusion: rows are the truth, columns what was said. */
export const figures = z.object({
  count: z.number(),
  support: z.array(z.number()),
  accuracy: z.number(),
  balancedAccuracy: z.number(),
  majorityRate: z.number(),
  ece: z.number(),
  confusion: z.array(z.array(z.number())),
})
export type HeldFigures = Readonly<z.infer<typeof figures>>
export { verdict }
