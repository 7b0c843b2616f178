import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { InboundMatch, InboundMessage } from '../../domain/inbound.ts'
import type { Db } from '../../store/db.ts'
import type { WaitingEvent } from '../../store/messages/inbound-events.ts'
import { acceptMessage, personOf, workspaceOf } from '../../store/messages/messages.ts'
import { joinMatching, leaveMatching } from '../../store/people/profiles.ts'
import { startMessage } from './start-message.ts'

const messageOf = (match: InboundMatch): InboundMessage => ({
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
export async function startMatch(
  deps: { readonly db: Db; readonly client: Client },
  event: WaitingEvent,
  match: InboundMatch,
): Promise<void> {
  const { bot, channel, address, authorId } = match
  const who = { channel, workspace: workspaceOf(address), platformUserId: authorId }
  const personId = await personOf(deps.db, who)
  const acceptance = { receivedAt: event.receivedAt, newId: randomUUID() }
  if (match.wish === 'leave') {
    await leaveMatching(deps.db, bot, personId)
    await startMessage(deps.client, await acceptMessage(deps.db, messageOf(match), { ...acceptance, refusal: 'left' }))
    return
  }
  const startable = await acceptMessage(deps.db, messageOf(match), { ...acceptance, story: 'match' })
  await joinMatching(deps.db, { id: startable.id, bot, personId, address })
  await startMessage(deps.client, startable)
}
