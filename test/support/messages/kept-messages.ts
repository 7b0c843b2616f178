import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { InboundMessage } from '../../../domain/inbound.ts'
import type { Db } from '../../../store/db.ts'
import { acceptMessage } from '../../../store/messages/messages.ts'
import { messageOnX } from './messages.ts'

/** A message's row, as the relay makes it. @returns our id of it. */
export async function keepMessage(
  db: Db,
  overrides: Partial<InboundMessage> = {},
  options: { readonly receivedAt?: Date } = {},
): Promise<string> {
  const { receivedAt = new Date() } = options
  return (await acceptMessage(db, messageOnX(overrides), { receivedAt, newId: randomUUID() })).id
}

/** What one version said of the message's first picture or text, and that it was chosen. */
export async function keepAnswer(db: Db, messageId: string, label = 'fedora'): Promise<void> {
  await sql`insert into scores (message_id, slot, version, stage, input_sha256, label, confidence, known, probabilities, eval_ms, scored_at)
            values (${messageId}, 'main', 1, 'live', ${'0'.repeat(64)}, ${label}, 0.87, true, ${JSON.stringify({ [label]: 0.87 })}, 12, now())`.execute(
    db,
  )
  const candidate = { slot: 'main', version: 1, label, confidence: 0.87, known: true, arrivedMs: 15, used: true }
  await sql`insert into choices (message_id, policy, slot, version, label, confidence, known, reason, deadline_hit, candidates)
            values (${messageId}, 'first', 'main', 1, ${label}, 0.87, true, 'the only one', false, ${JSON.stringify([candidate])})`.execute(
    db,
  )
}

/** The message's one reply, visible or refused. */
export async function keepReply(
  db: Db,
  messageId: string,
  reply: ({ readonly platformId: string } | { readonly failure: string }) & { readonly kind?: 'choice' | 'question' },
): Promise<void> {
  const sent = 'platformId' in reply
  await sql`insert into replies (key, message_id, kind, text, state, attempts, sending_at, platform_id, failure, sent_at)
            values (${randomUUID()}, ${messageId}, ${reply.kind ?? 'choice'}, 'fedora', ${sent ? 'sent' : 'undeliverable'}, 1, clock_timestamp(),
                    ${sent ? reply.platformId : null}, ${sent ? null : reply.failure}, case when ${sent} then clock_timestamp() end)`.execute(
    db,
  )
}
