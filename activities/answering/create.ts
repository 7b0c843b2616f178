import { ModelNotReady } from '../../domain/errors.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import { votesWaitingFor } from '../../store/corrections/votes.ts'
import type { Db } from '../../store/db.ts'
import { saveChoices } from '../../store/messages/choices.ts'
import { finishMessage, messageById } from '../../store/messages/messages.ts'
import { silentVersions } from '../../store/messages/scores.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import type { ConversationActivities, LocalActivities, MessageRef } from '../contract.ts'
import type { PostDeps } from '../post-once.ts'
import { createIntroduce } from './introduce.ts'
import { unlessOptedOut } from './opt-out.ts'
import { createPrepareMessage, type PrepareDeps } from './prepare-message.ts'
import { createReplyToMessage } from './reply-to-message.ts'

export interface ConversationDeps extends PostDeps, PrepareDeps {
  /** Hands a vote to its correction. */
  readonly castVote: Stories['castVote']
}

/** Why there is no answer yet, as our records tell it. */
async function explainSilence(db: Db, { messageId }: MessageRef): Promise<string> {
  const { message } = await messageById(db, messageId)
  const set = await servingSetOf(db, message.bot)
  if (set === undefined || set.members.length === 0) return `no version of ${message.bot} is live yet`
  const silent = await silentVersions(db, messageId)
  if (silent.length === 0) return 'no worker has taken the score yet: is an inference worker running?'
  return silent.map((each) => `- ${each.slot} v${each.version}, attempt ${each.attempts}: ${each.error}`).join('\n')
}

/** Is there a version that can answer? */
async function awaitVersion(db: Db, { messageId }: MessageRef): Promise<void> {
  const { message } = await messageById(db, messageId)
  const set = await servingSetOf(db, message.bot)
  if (set === undefined || set.members.length === 0) throw new ModelNotReady(`no version of ${message.bot} is live`)
}

/** The activities of the conversation queues, but for those of corrections. */
export function createConversationActivities(
  deps: ConversationDeps,
): Omit<ConversationActivities, 'askPeople'> & LocalActivities {
  const { db } = deps
  return {
    prepareMessage: createPrepareMessage(deps),
    awaitVersion: (message) => awaitVersion(db, message),
    replyToMessage: unlessOptedOut(db, createReplyToMessage(deps)),
    introduce: createIntroduce(deps),
    castVote: async ({ messageId, choices }) => {
      await saveChoices(db, messageId, choices)
      for (const vote of await votesWaitingFor(db, messageId)) await deps.castVote(vote)
      await finishMessage(db, messageId, { outcome: 'answered', reason: 'scored for a correction' })
    },
    explainSilence: (message) => explainSilence(db, message),
    closeMessage: ({ messageId, outcome, reason }) => finishMessage(db, messageId, { outcome, reason }),
  }
}
