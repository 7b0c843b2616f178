import type { Choice } from '../domain/rendezvous.ts'
import type { Db } from './db.ts'

/** Keeps a message's choice with all its candidates; the first one stays. */
export async function saveChoice(db: Db, messageId: string, choice: Choice): Promise<void> {
  await db
    .insertInto('choices')
    .values({
      message_id: messageId,
      policy: choice.policy,
      slot: choice.slot,
      version: choice.version,
      label: choice.label,
      confidence: choice.confidence,
      known: choice.known,
      reason: choice.reason,
      deadline_hit: choice.deadlineHit,
      candidates: JSON.stringify(choice.candidates),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
