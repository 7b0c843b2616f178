import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import type { Bot } from '../../domain/bot.ts'
import type { InboundMessage, InboundVote } from '../../domain/inbound.ts'
import type { Db } from '../../store/db.ts'
import { deleteMessage } from '../../store/messages/deletions.ts'
import type { WaitingEvent } from '../../store/messages/inbound-events.ts'
import { acceptMessage, personOf, workspaceOf } from '../../store/messages/messages.ts'
import { hasOptedOut } from '../../store/people/opt-outs.ts'
import { acceptVote, voteOnMessage } from '../../store/corrections/votes.ts'
import { applyVote } from './apply-vote.ts'
import { askForRetrain } from '../learning/tell-coordinator.ts'
import { startBlindLabel } from './start-blind-label.ts'
import { startDecision } from './start-decision.ts'
import { startMatch } from './start-match.ts'
import { startMessage } from './start-message.ts'
import { startOrder } from './start-order.ts'

export interface StartDeps {
  readonly db: Db
  readonly client: Client
  readonly botOf: (name: string) => Bot | undefined
  /** Those who decide, label blindly and give orders are told at once what became of it. */
  readonly people: PeopleDeps
  readonly log: Pick<Logger, 'warn'>
}

/** What the relay does with each kind of request. Each may be called any number of times. */
export type StartRequest = (event: WaitingEvent) => Promise<void>

async function message(deps: StartDeps, event: WaitingEvent, asked: InboundMessage): Promise<void> {
  const answerWithinMs = event.paused ? deps.botOf(asked.bot)?.answerWithinMs : undefined
  // Whoever asks over HTTP was told the id already.
  const newId = asked.channel === 'http' ? asked.businessKey.slice(asked.bot.length + 1) : randomUUID()
  const acceptance = { receivedAt: event.receivedAt, answerWithinMs, newId }
  await startMessage(deps.client, await acceptMessage(deps.db, asked, acceptance))
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
async function isFromOptedOut(
  { db }: StartDeps,
  { bot, channel, address, authorId, via }: InboundVote,
): Promise<boolean> {
  if (via !== 'reply') return false
  const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  return hasOptedOut(db, bot, personId)
}

async function vote(deps: StartDeps, event: WaitingEvent, cast: InboundVote): Promise<void> {
  if (await isFromOptedOut(deps, cast)) return message(deps, event, messageOfVote(cast))
  const accepted = await acceptVote(deps.db, cast, { newId: randomUUID(), receivedAt: event.receivedAt })
  if (accepted.kind === 'vote') return applyVote(deps.client, accepted)
  // Somebody contradicts somebody else in a thread: that is none of our business.
  if (accepted.kind === 'unknown-answer' && cast.via === 'reply') return
  const acceptance = { receivedAt: event.receivedAt, newId: randomUUID() }
  const refusal = accepted.kind === 'unknown-answer' ? 'unknown-answer' : undefined
  const startable = await acceptMessage(deps.db, messageOfVote(cast), { ...acceptance, refusal })
  if (accepted.kind === 'score-first') await voteOnMessage(deps.db, cast, { ...startable, newId: randomUUID() })
  await startMessage(deps.client, startable)
}

/** Hands each waiting request to the workflow that is its story; a deletion is done at once. */
export const startRequest =
  (deps: StartDeps): StartRequest =>
  async (event) => {
    const { request } = event
    switch (request.kind) {
      case 'message':
        return message(deps, event, request.message)
      case 'vote':
        return vote(deps, event, request.vote)
      case 'match':
        return startMatch(deps, event, request.match)
      case 'deletion':
        return deleteMessage(deps.db, request.deletion)
      case 'decision':
        return startDecision(deps, request.decision)
      case 'blind-label':
        return startBlindLabel(deps.people, request.label)
      case 'order':
        return startOrder(
          { ...deps, askForRetrain: (bot, wish) => askForRetrain(deps.client, bot, wish) },
          event.id,
          request.order,
        )
    }
  }
