import type { ChannelName } from '../domain/label.ts'
import type { Bot } from '../domain/bot.ts'
import type { Channel, OutgoingReply } from '../domain/channel.ts'
import { SendFailed, ServiceUnavailable } from '../domain/errors.ts'
import { type Outcome, settleBeforeLookMs } from '../domain/outcome.ts'
import type { Db } from '../store/db.ts'
import {
  beginSending,
  intendReply,
  recordNotSent,
  recordSent,
  recordUnconfirmed,
  recordUndeliverable,
  recordUnknown,
  type Reply,
} from '../store/messages/replies.ts'

/** Where a proof may kill the process. */
export type ReplyKillPoint = 'reply.beforeIntent' | 'reply.afterIntent' | 'reply.afterPost'

export interface PostDeps {
  readonly db: Db
  readonly botOf: (name: string) => Bot
  readonly channelOf: (bot: string, channel: ChannelName) => Channel
  /** Nothing by default; a proof kills the process here. */
  readonly at: (point: ReplyKillPoint) => void
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number
}

/** One post that is to become visible once. */
export interface Post extends OutgoingReply {
  /** Absent for what belongs to no message: cards and news of a rollout. */
  readonly messageId: string | undefined
  readonly kind: Reply['kind']
  readonly channel: Channel
  /** How the message ends by it, for its one reply. */
  readonly ends?: { readonly outcome: Outcome; readonly reason?: string | undefined }
}

/** What became of a post. The row's own kind and text are those of the first attempt. */
export type Posted = { readonly row: Reply } & (
  | { readonly kind: 'sent'; readonly platformId: string }
  /** The platform said that it will never take it. */
  | { readonly kind: 'undeliverable'; readonly reason: string }
  /** It may be visible and is not to be looked up, by its nature or because the platform does not let us: it is not repeated. */
  | { readonly kind: 'unconfirmed'; readonly reason: string }
)

/** A process that was stopped this long between taking its turn and calling is too late to call: its turn may be over. */
const longestPauseBeforeCallMs = 1_000

const isEphemeral = (post: Post) => post.address.kind === 'slack-ephemeral'

interface Attempt {
  readonly post: Post
  readonly row: Reply
  readonly outgoing: OutgoingReply
}

async function intend(deps: PostDeps, post: Post): Promise<Attempt> {
  deps.at('reply.beforeIntent')
  const { key, messageId, kind, text, address, offers, about, card, person } = post
  const row = await intendReply(deps.db, { key, messageId, kind, text })
  deps.at('reply.afterIntent')
  return {
    post,
    row,
    outgoing: {
      key,
      address,
      text: row.text,
      ...(offers && row.text === text && { offers }),
      ...(about && { about }),
      ...(card && { card }),
      ...(person && { person }),
    },
  }
}

/** What an attempt of unknown delivery left behind, once it had time to become visible; or why the platform will never tell. */
async function findEarlierAttempt({ post, row, outgoing }: Attempt): Promise<string | SendFailed | undefined> {
  if (row.sending === undefined) return undefined
  const settleMs = settleBeforeLookMs - row.sending.ageMs
  if (settleMs > 0)
    throw new SendFailed({ delivery: 'unknown', reason: 'an earlier attempt is settling', retryAfterMs: settleMs })
  return post.channel.find(outgoing, row.createdAt).catch((error: unknown) => {
    if (error instanceof SendFailed && !error.retryable) return error
    throw error
  })
}

async function send(deps: PostDeps, { post, row, outgoing }: Attempt): Promise<string> {
  const startedAt = deps.clock()
  if (!(await beginSending(deps.db, row)))
    throw new ServiceUnavailable('this reply', 'another attempt has it', { retryAfterMs: settleBeforeLookMs })
  if (deps.clock() - startedAt > longestPauseBeforeCallMs) {
    await recordNotSent(deps.db, row.key, 'paused before the call')
    throw new SendFailed({ delivery: 'not-sent', reason: 'paused before the call' })
  }
  const platformId = await post.channel.send(outgoing)
  deps.at('reply.afterPost')
  return platformId
}

async function unconfirmed(deps: PostDeps, { post, row }: Attempt, reason: string): Promise<Posted> {
  await recordUnconfirmed(deps.db, row, { failure: reason, ...post.ends })
  return { kind: 'unconfirmed', reason, row }
}

/** Records what is known of a failed call, and decides when to look or to post again. */
async function afterFailure(deps: PostDeps, attempt: Attempt, failure: SendFailed): Promise<Posted> {
  const { row, post } = attempt
  if (failure.delivery === 'unknown' && isEphemeral(post)) return unconfirmed(deps, attempt, failure.reason)
  if (failure.delivery === 'unknown') {
    await recordUnknown(deps.db, row.key, failure.reason)
    throw new SendFailed({ delivery: 'unknown', reason: failure.reason, retryAfterMs: settleBeforeLookMs })
  }
  if (!failure.retryable) {
    await recordUndeliverable(deps.db, row, { failure: failure.reason, ends: post.ends !== undefined })
    return { kind: 'undeliverable', reason: failure.reason, row }
  }
  await recordNotSent(deps.db, row.key, failure.reason)
  throw failure
}

/** What earlier attempts have settled already. */
function settled({ post, row }: Attempt): Posted | undefined {
  if (row.state === 'undeliverable') return { kind: 'undeliverable', reason: row.failure ?? 'unknown', row }
  if (row.state === 'unconfirmed') return { kind: 'unconfirmed', reason: row.failure ?? 'unknown', row }
  if (row.platformId !== undefined) return { kind: 'sent', platformId: row.platformId, row }
  return row.sending !== undefined && isEphemeral(post)
    ? { kind: 'unconfirmed', reason: 'an earlier attempt did not end', row }
    : undefined
}

/**
 * The reply protocol (docs/rules.md, rule 3): an intent row, a look for what an earlier attempt may have left, one post, the
 * record. Safe to run any number of times; one visible post comes of it. What one person alone sees gets one attempt.
 * @throws SendFailed or ServiceUnavailable when it has to be tried again.
 */
export async function postOnce(deps: PostDeps, post: Post): Promise<Posted> {
  const attempt = await intend(deps, post)
  const earlier = settled(attempt)
  if (earlier?.kind === 'unconfirmed') return unconfirmed(deps, attempt, earlier.reason)
  if (earlier) return earlier
  const found = await findEarlierAttempt(attempt)
  // Nobody can ever look whether it is visible, so it is not repeated.
  if (found instanceof SendFailed) return unconfirmed(deps, attempt, found.reason)
  try {
    const platformId = found ?? (await send(deps, attempt))
    await recordSent(deps.db, attempt.row, { platformId, adopted: found !== undefined, ...post.ends })
    return { kind: 'sent', platformId, row: attempt.row }
  } catch (error) {
    if (error instanceof SendFailed) return afterFailure(deps, attempt, error)
    throw error
  }
}
