import { z } from 'zod'
import { correctionStates } from '../../domain/correction.ts'
import { voteWays } from '../../domain/inbound.ts'
import { label, list, prediction, shownInput, time } from './values.ts'

/* What people say that an answer should have been, and what reviewers decide about it. */

export const correctionState = z.enum(correctionStates)
const decidedBy = z.enum(['quorum', 'reviewer']).nullable()

const vote = z.object({
  label: label.nullable().describe('null: the person cannot tell.'),
  via: z.enum(voteWays),
  reviewer: z.boolean(),
  verdict: z.enum(['counted', 'daily-limit', 'superseded', 'too-late']).nullable().describe('null: not counted yet.'),
  at: time,
  person: z.uuid(),
})
export type Vote = Readonly<z.infer<typeof vote>>

/** As a message tells it, with every vote. */
export const correctionOfInput = z.object({
  state: correctionState,
  label: label.nullable(),
  decidedBy,
  needed: z.number().describe('How many votes settle it.'),
  votes: z.array(vote),
})
export type Correction = Readonly<z.infer<typeof correctionOfInput>>

const listedCorrection = z.object({
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
export type ListedCorrection = Readonly<z.infer<typeof listedCorrection>>
export const corrections = z.object({ corrections: list(listedCorrection) })

export const voteRequest = z.object({ prediction, label: label.nullable() })
export const voteTaken = z.object({ vote: z.string() })

export const reviewRequest = z
  .object({
    decision: z.enum(['accept', 'reject', 'quarantine', 'revoke']),
    label: label.optional().describe('For accept; what leads when it is left out.'),
    reason: z.string().trim().max(500).optional().describe('For all but accept: a vote keeps no reason.'),
  })
  .refine(({ decision, reason }) => decision !== 'accept' || reason === undefined, {
    path: ['reason'],
    message: 'accepting is a vote, which keeps no reason',
  })
export type ReviewRequest = Readonly<z.input<typeof reviewRequest>>
export const reviewed = z.object({ state: correctionState, versions: list(z.number()) })
/** Accepting is a reviewer's vote. */
export const reviewVoteTaken = z.object({ state: z.string(), vote: z.string() })
