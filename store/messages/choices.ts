import type { PlacedChoice } from '../../domain/words/reply-text.ts'
import type { Db } from '../db.ts'

/** Keeps the choices of a message with all their candidates; the first ones stay. */
export async function saveChoices(db: Db, messageId: string, choices: readonly PlacedChoice[]): Promise<void> {
  if (choices.length === 0) return
  const rows = choices.map(({ position, choice, unsure }) => ({
    message_id: messageId,
    position,
    policy: choice.policy,
    slot: choice.slot,
    version: choice.version,
    label: choice.label,
    confidence: choice.confidence,
    known: choice.known,
    reason: choice.reason,
    deadline_hit: choice.deadlineHit,
    candidates: JSON.stringify(choice.candidates),
    probabilities: JSON.stringify(choice.probabilities),
    unsure,
  }))
  await db
    .insertInto('choices')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
