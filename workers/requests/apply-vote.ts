import type { Client } from '@temporalio/client'
import { conversationsQueue } from '../../domain/keys.ts'
import type { Db } from '../../store/db.ts'
import { type AcceptedVote, votesWaitingFor } from '../../store/corrections/votes.ts'
import type { applyCorrection } from '../../workflows/apply-correction.ts'
import { botAttribute, channelAttribute, type VoteSignal, voteSignal } from '../../workflows/messages.ts'

/** A call that takes longer is given up; the event's lease outlives it. */
const signalDeadlineMs = 5_000

/** All votes on a prediction meet in one workflow. */
export const correctionWorkflowId = ({ bot, prediction }: Pick<AcceptedVote, 'bot' | 'prediction'>): string =>
  `correct:${bot}:${prediction}`

/**
 * Hands a vote to its correction, which starts with its first vote, and again with the first one after its end. Safe to call
 * any number of times: a vote is counted once.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function applyVote(client: Client, vote: Omit<AcceptedVote, 'kind'>): Promise<void> {
  const { bot, channel, prediction, voteId } = vote
  await client.connection.withDeadline(Date.now() + signalDeadlineMs, () =>
    client.workflow.signalWithStart<typeof applyCorrection, [VoteSignal]>('applyCorrection', {
      workflowId: correctionWorkflowId(vote),
      taskQueue: conversationsQueue(channel),
      args: [{ bot, channel, prediction }],
      signal: voteSignal,
      signalArgs: [{ voteId }],
      staticSummary: `Votes on an answer of ${bot}`,
      typedSearchAttributes: [
        { key: botAttribute, value: bot },
        { key: channelAttribute, value: channel },
      ],
    }),
  )
}

/** Hands on the votes that waited for a message's prediction. */
export const castVotesOn =
  ({ db, client }: { readonly db: Db; readonly client: Client }) =>
  async (messageId: string): Promise<void> => {
    for (const vote of await votesWaitingFor(db, messageId)) await applyVote(client, vote)
  }
