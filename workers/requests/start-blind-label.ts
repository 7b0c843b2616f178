import { closeBlindPosts } from '../../activities/people/ask-blind.ts'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import type { Bot } from '../../domain/bot.ts'
import { receiptText } from '../../domain/words/correction-words.ts'
import type { InboundBlindLabel } from '../../domain/inbound.ts'
import { mayAct } from '../../domain/people.ts'
import { type BlindOutcome, labelBlind } from '../../store/blind/labels.ts'
import { personOf, workspaceOf } from '../../store/messages/messages.ts'
import { actorOf } from '../../store/people/people.ts'
import { idOfKey } from '../relay/event-id.ts'
import { tellClicker } from './tell-clicker.ts'

/** What the person is told: nothing more than that it counts. */
function textOf(bot: Bot, outcome: BlindOutcome, label: string | undefined): string {
  const isOpen = outcome.kind === 'noted' && !outcome.question.closed
  const settled = outcome.kind === 'noted' && outcome.question.closed
  const state = isOpen ? 'open' : settled ? 'quarantined' : 'rejected'
  const counts = outcome.kind === 'noted' ? outcome : { votes: 0, needed: 0 }
  return receiptText(bot, {
    verdict: outcome.kind === 'noted' ? 'counted' : 'too-late',
    standing: { state, label, votes: counts.votes, needed: counts.needed },
    label,
  })
}

/**
 * A reviewer's answer to a blind question is kept, anybody else's is not: what goes on stage rests on it. A question that is
 * settled loses its buttons. Safe to call any number of times.
 */
export async function startBlindLabel(people: PeopleDeps, given: InboundBlindLabel): Promise<void> {
  const { db } = people
  const { bot: name, channel, address, authorId, questionId, label, businessKey } = given
  const bot = people.botOf(name)
  const personId = await personOf(db, { channel, workspace: workspaceOf(address), platformUserId: authorId })
  const id = idOfKey(businessKey)
  if (!mayAct(await actorOf(db, personId), name, 'reviewer')) {
    const text = `Only reviewers of ${name} label its questions; ask one of them, or an admin for the role.`
    return tellClicker(people, { id, bot: name, address, text })
  }
  const outcome = await labelBlind(db, { id, questionId, personId, label }, bot.corrections)
  await tellClicker(people, { id, bot: name, address, text: textOf(bot, outcome, label) })
  await closeBlindPosts(people, name)
}
