import type * as scores from '../store/messages/scores.ts'
import type * as messages from '../store/messages/messages.ts'
import type { ConversationActivities, LocalActivities, MessageRef } from './contract.ts'
import { unlessOptedOut } from './answering/opt-out.ts'
import { createPrepareMessage, type PrepareDeps } from './answering/prepare-message.ts'
import { createIntroduce, type IntroduceDeps } from './answering/introduce.ts'
import { createReplyToMessage, type ReplyDeps } from './answering/reply-to-message.ts'

export interface ConversationDeps
  extends Omit<PrepareDeps, 'messages' | 'replies'>, Omit<ReplyDeps, 'messages'>, Omit<IntroduceDeps, 'messages'> {
  /** Hands the votes that wait for this message's prediction to their correction. */
  readonly castVotesOn: (messageId: string) => Promise<void>
  readonly messages: Pick<typeof messages, 'messageById' | 'finishMessage'>
  readonly scores: Pick<typeof scores, 'silentVersions'>
}

/** Why there is no answer yet, as our records tell it. */
async function explainSilence(deps: ConversationDeps, { messageId }: MessageRef): Promise<string> {
  const { message } = await deps.messages.messageById(deps.db, messageId)
  const set = await deps.servingSets.servingSetOf(deps.db, message.bot)
  if (set === undefined || set.members.length === 0) return `no version of ${message.bot} is live yet`
  const silent = await deps.scores.silentVersions(deps.db, messageId)
  if (silent.length === 0) return 'no worker has taken the score yet: is an inference worker running?'
  return silent.map((each) => `- ${each.slot} v${each.version}, attempt ${each.attempts}: ${each.error}`).join('\n')
}

/** The activities of the conversation queues, but for those of corrections. */
export function createConversationActivities(
  deps: ConversationDeps,
): Omit<ConversationActivities, 'askPeople'> & LocalActivities {
  return {
    prepareMessage: createPrepareMessage(deps),
    replyToMessage: unlessOptedOut(deps, createReplyToMessage(deps)),
    introduce: createIntroduce(deps),
    castVote: async ({ messageId, choices }) => {
      await deps.choices.saveChoices(deps.db, messageId, choices)
      await deps.castVotesOn(messageId)
      await deps.messages.finishMessage(deps.db, messageId, { outcome: 'answered', reason: 'scored for a correction' })
    },
    explainSilence: (message) => explainSilence(deps, message),
    closeMessage: ({ messageId, outcome, reason }) =>
      deps.messages.finishMessage(deps.db, messageId, { outcome, reason }),
  }
}
