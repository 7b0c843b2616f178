import { z } from 'zod'
import { list } from './values.ts'

/* Load tests. */

export const loadTestRequest = z.strictObject({
  bot: z.string().min(1).max(100),
  channel: z.enum(['x', 'slack']),
  rate: z.number().positive().max(500),
  seconds: z.number().min(1).max(3_600),
  pictures: z.number().min(0).max(1).default(0.5),
})
export const loadTestStarted = z.object({ id: z.string() })

const count = z.number()
/** How far a load test is. */
export const loadTest = z.object({
  id: z.string(),
  state: z.enum(['sending', 'waiting', 'done', 'stopped']).describe('stopped: asked to, or it could not go on.'),
  planned: count,
  sent: count,
  answered: count.describe(
    'Messages that got their reply: an answer, or the refusal that a message without a picture deserves.',
  ),
  failed: count,
  open: count.describe('Without an outcome so far.'),
  notStored: count.describe('What the database did not take: a door would have said 503.'),
  outcomes: z.object({ answered: count, refused: count, failed: count, expired: count }),
  sentOutside: count,
  latencyMs: z.object({ p50: count, p95: count, p99: count, max: count }).nullable(),
  histogram: list(z.tuple([count, count]).readonly()).describe(
    'How many took how many whole milliseconds, in rising order.',
  ),
})
export type LoadTest = Readonly<z.infer<typeof loadTest>>
