import type { Bot, ChannelName } from '../domain/bot.ts'
import type { Channel } from '../domain/channel.ts'
import { SendFailed, ServiceUnavailable } from '../domain/errors.ts'
import { replyKey } from '../domain/keys.ts'
import { type Outcome, settleBeforeLookMs } from '../domain/outcome.ts'
import { replyText } from '../domain/reply-text.ts'
import type * as choices from '../store/choices.ts'
import type { Db } from '../store/db.ts'
import type * as messages from '../store/messages.ts'
import type * as replies from '../store/replies.ts'
import type { Replied, ReplyRequest } from './contract.ts'

/** Where a proof may kill the process. */
export type ReplyKillPoint = 'reply.beforeIntent' | 'reply.afterIntent' | 'reply.afterPost'

export interface ReplyDeps {
  readonly db: Db
  readonly messages: Pick<typeof messages, 'messageById'>
  readonly choices: Pick<typeof choices, 'saveChoice'>
  readonly replies: typeof replies
  readonly botOf: (name: string) => Bot
  readonly channelOf: (bot: string, channel: ChannelName) => Channel
  /** Nothing by default; a proof kills the process here. */
  readonly at: (point: ReplyKillPoint) => void
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number
}

/** A process that was stopped this long between taking its turn and calling is too late to call: its turn may be over. */
const longestPauseBeforeCallMs = 1_000

const outcomeOf: Readonly<Record<replies.Reply['kind'], Outcome>> = {
  choice: 'answered',
  refusal: 'refused',
  apology: 'failed',
}

interface Attempt {
  readonly reply: replies.Reply
  readonly channel: Channel
  readonly outgoing: Parameters<Channel['send']>[0]
}

async function intend(deps: ReplyDeps, { messageId, answer }: ReplyRequest): Promise<Attempt> {
  const stored = await deps.messages.messageById(deps.db, messageId)
  const { bot, channel, address } = stored.message
  if (answer.kind === 'choice') await deps.choices.saveChoice(deps.db, messageId, answer.choice)
  deps.at('reply.beforeIntent')
  const reply = await deps.replies.intendReply(deps.db, {
    key: replyKey(stored.workflowId),
    messageId,
    kind: answer.kind,
    text: replyText(answer, { bot: deps.botOf(bot), channel, messageId }),
  })
  deps.at('reply.afterIntent')
  return { reply, channel: deps.channelOf(bot, channel), outgoing: { key: reply.key, address, text: reply.text } }
}

/** What an attempt of unknown delivery left behind, once it had time to become visible. */
async function findEarlierAttempt({ reply, channel, outgoing }: Attempt): Promise<string | undefined> {
  if (reply.sending === undefined) return undefined
  const settleMs = settleBeforeLookMs - reply.sending.ageMs
  if (settleMs > 0)
    throw new SendFailed({ delivery: 'unknown', reason: 'an earlier attempt is settling', retryAfterMs: settleMs })
  return channel.find(outgoing, reply.createdAt)
}

async function post(deps: ReplyDeps, { reply, channel, outgoing }: Attempt): Promise<string> {
  const startedAt = deps.clock()
  if (!(await deps.replies.beginSending(deps.db, reply)))
    throw new ServiceUnavailable('this reply', 'another attempt has it', { retryAfterMs: settleBeforeLookMs })
  if (deps.clock() - startedAt > longestPauseBeforeCallMs) {
    await deps.replies.recordNotSent(deps.db, reply.key, 'paused before the call')
    throw new SendFailed({ delivery: 'not-sent', reason: 'paused before the call' })
  }
  const platformId = await channel.send(outgoing)
  deps.at('reply.afterPost')
  return platformId
}

/** Records what is known of a failed call, and decides when to look or to post again. */
async function afterFailure(deps: ReplyDeps, reply: replies.Reply, failure: SendFailed): Promise<Replied> {
  if (failure.delivery === 'unknown') {
    await deps.replies.recordUnknown(deps.db, reply.key, failure.reason)
    throw new SendFailed({ delivery: 'unknown', reason: failure.reason, retryAfterMs: settleBeforeLookMs })
  }
  if (!failure.retryable) {
    await deps.replies.recordUndeliverable(deps.db, reply, failure.reason)
    return { kind: 'undeliverable', reason: failure.reason, outcome: 'failed' }
  }
  await deps.replies.recordNotSent(deps.db, reply.key, failure.reason)
  throw failure
}

/**
 * `replyToMessage`, the reply protocol: an intent row, a look for what an earlier attempt may have left, one post, the
 * record. Safe to run any number of times; one visible post comes of it.
 */
export const createReplyToMessage =
  (deps: ReplyDeps) =>
  async (request: ReplyRequest): Promise<Replied> => {
    const attempt = await intend(deps, request)
    const { reply } = attempt
    const outcome = outcomeOf[reply.kind]
    if (reply.state === 'undeliverable')
      return { kind: 'undeliverable', reason: reply.failure ?? 'unknown', outcome: 'failed' }
    if (reply.platformId !== undefined) return { kind: 'sent', replyId: reply.platformId, outcome }
    const found = await findEarlierAttempt(attempt)
    try {
      const platformId = found ?? (await post(deps, attempt))
      const reason = request.answer.kind === 'refusal' ? request.answer.refusal : undefined
      await deps.replies.recordSent(deps.db, reply, { platformId, adopted: found !== undefined, outcome, reason })
      return { kind: 'sent', replyId: platformId, outcome }
    } catch (error) {
      if (error instanceof SendFailed) return afterFailure(deps, reply, error)
      throw error
    }
  }
