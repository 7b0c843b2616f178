import { randomUUID } from 'node:crypto'
import type { Bot } from '../../domain/bot.ts'
import type { InboundMatch, InboundMessage, InboundVote } from '../../domain/inbound.ts'
import { businessKeyOf } from '../../domain/inbound.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import { acceptVote, voteOnMessage } from '../../store/corrections/votes.ts'
import type { Db } from '../../store/db.ts'
import { deleteMessage } from '../../store/messages/deletions.ts'
import type { WaitingEvent } from '../../store/messages/inbound-events.ts'
import { acceptMessage, personOf, workspaceOf } from '../../store/messages/messages.ts'
import { idOfKey } from '../../store/operations.ts'
import { hasOptedOut } from '../../store/people/opt-outs.ts'
import { joinMatching, leaveMatching } from '../../store/people/profiles.ts'

export interface HandOnDeps {
  readonly db: Db
  readonly stories: Stories
  readonly botOf: (name: string) => Bot | undefined
}

async function message({ db, stories, botOf }: HandOnDeps, event: WaitingEvent, asked: InboundMessage): Promise<void> {
  const answerWithinMs = event.paused ? botOf(asked.bot)?.answerWithinMs : undefined
  // Whoever asks over HTTP was told the id already.
  const newId = asked.channel === 'http' ? asked.businessKey.slice(asked.bot.length + 1) : randomUUID()
  const acceptance = { receivedAt: event.receivedAt, answerWithinMs, newId }
  await stories.startAnswer(await acceptMessage(db, asked, acceptance))
}

/** A correction as the message that answers it: refused, or scored first because nobody asked about the picture yet. */
const messageOfVote = (vote: InboundVote): InboundMessage => ({
  bot: vote.bot,
  channel: vote.channel,
  businessKey: vote.businessKey,
  authorId: vote.authorId,
  address: vote.address,
  text: '',
  pictures: [],
  sentAt: vote.sentAt,
  intent: 'score-only',
  ...(vote.target.kind === 'picture' && { subject: vote.target.subject }),
})

/** Whoever wants no answers is not heard as a voter either; as a message it ends visibly, without a word to them. */
async function isFromOptedOut(db: Db, { bot, channel, address, authorId, via }: InboundVote): Promise<boolean> {
  if (via !== 'reply') return false
  const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  return hasOptedOut(db, bot, personId)
}

async function vote(deps: HandOnDeps, event: WaitingEvent, cast: InboundVote): Promise<void> {
  const { db, stories } = deps
  if (await isFromOptedOut(db, cast)) return message(deps, event, messageOfVote(cast))
  const accepted = await acceptVote(db, cast, { newId: randomUUID(), receivedAt: event.receivedAt })
  if (accepted.kind === 'vote') return stories.castVote(accepted)
  // Somebody contradicts somebody else in a thread: that is none of our business.
  if (accepted.kind === 'unknown-answer' && cast.via === 'reply') return
  const acceptance = { receivedAt: event.receivedAt, newId: randomUUID() }
  const refusal = accepted.kind === 'unknown-answer' ? 'unknown-answer' : undefined
  const startable = await acceptMessage(db, messageOfVote(cast), { ...acceptance, refusal })
  if (accepted.kind === 'score-first') await voteOnMessage(db, cast, { ...startable, newId: randomUUID() })
  await stories.startAnswer(startable)
}

const messageOfMatch = (match: InboundMatch): InboundMessage => ({
  bot: match.bot,
  channel: match.channel,
  businessKey: match.businessKey,
  authorId: match.authorId,
  address: match.address,
  text: '',
  pictures: match.pictures,
  sentAt: match.sentAt,
  ...(match.pictures.length === 0 && { subject: { kind: 'portrait', userId: match.authorId } }),
  ...(match.triggerId !== undefined && { triggerId: match.triggerId }),
})

/** A person joins or leaves a bot's matching. Leaving takes the profile away at once and is answered like a refusal. */
async function match({ db, stories }: HandOnDeps, event: WaitingEvent, asked: InboundMatch): Promise<void> {
  const { bot, channel, address, authorId } = asked
  const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  const acceptance = { receivedAt: event.receivedAt, newId: randomUUID() }
  if (asked.wish === 'leave') {
    await leaveMatching(db, bot, personId)
    return stories.startAnswer(await acceptMessage(db, messageOfMatch(asked), { ...acceptance, refusal: 'left' }))
  }
  const startable = await acceptMessage(db, messageOfMatch(asked), { ...acceptance, story: 'match' })
  await joinMatching(db, { id: startable.id, bot, personId, address })
  await stories.startAnswer(startable)
}

/**
 * Hands a waiting request to the workflow that is its story; a deletion is done at once. It writes rows and tells Temporal, and calls
 * nobody else. May be called any number of times.
 * @throws ServiceUnavailable when Temporal could not be asked, and whatever the database throws.
 */
export const handOnRequest =
  (deps: HandOnDeps) =>
  async (event: WaitingEvent): Promise<void> => {
    const { request, bot, channel } = event
    switch (request.kind) {
      case 'message':
        return message(deps, event, request.message)
      case 'vote':
        return vote(deps, event, request.vote)
      case 'match':
        return match(deps, event, request.match)
      case 'deletion':
        return deleteMessage(deps.db, request.deletion)
      default:
        return deps.stories.handleAction({ bot, channel, event: event.id, action: idOfKey(businessKeyOf(request)) })
    }
  }
