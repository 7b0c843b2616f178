import { z } from 'zod'
import { exampleParts } from '../../domain/learning/examples.ts'
import { hash, list, time } from './values.ts'

/* Dataset versions. */

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
export const datasets = z.object({ datasets: list(dataset) })
