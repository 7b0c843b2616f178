import { type Insertable, sql } from 'kysely'
import type { Score } from '../../domain/rendezvous/score.ts'
import type { Member } from '../../domain/serving-set.ts'
import type { Db } from '../db.ts'
import type { Tables } from '../tables.ts'

export interface ScoreSubject {
  readonly messageId: string
  readonly position: number
  readonly inputSha256: string
  readonly member: Pick<Member, 'slot' | 'version' | 'stage'>
}

/** Records what a version said; late or early, chosen or not. A second attempt replaces an error and counts up. */
export async function recordScore(db: Db, subject: ScoreSubject, score: Score): Promise<void> {
  await upsert(db, subject, {
    label: score.label,
    confidence: score.confidence,
    known: score.known,
    probabilities: JSON.stringify(score.probabilities),
    eval_ms: score.evalMs,
    error: null,
    scored_at: new Date(),
  })
}

/** Records that an attempt failed, by its error's code; it never overwrites a score. */
export async function recordScoreFailure(db: Db, subject: ScoreSubject, code: string): Promise<void> {
  await upsert(db, subject, { error: code })
}

type Columns = Partial<Omit<Insertable<Tables['scores']>, 'message_id' | 'slot' | 'version'>>

async function upsert(
  db: Db,
  { messageId, position, inputSha256, member }: ScoreSubject,
  columns: Columns,
): Promise<void> {
  await db
    .insertInto('scores')
    .values({
      message_id: messageId,
      position,
      slot: member.slot,
      version: member.version,
      stage: member.stage,
      input_sha256: inputSha256,
      ...columns,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['message_id', 'position', 'slot', 'version'])
        .doUpdateSet({ ...columns, attempts: sql<number>`scores.attempts + 1` })
        .where('scores.scored_at', 'is', null),
    )
    .execute()
}

/** The versions that were asked about a message and have not answered yet, each with its latest error code. */
export async function silentVersions(
  db: Db,
  messageId: string,
): Promise<
  readonly { readonly slot: string; readonly version: number; readonly error: string; readonly attempts: number }[]
> {
  const rows = await db
    .selectFrom('scores')
    .select(['slot', 'version', 'error', 'attempts'])
    .where('message_id', '=', messageId)
    .where('scored_at', 'is', null)
    .orderBy('slot')
    .execute()
  return rows.map((row) => ({ ...row, error: row.error ?? 'unknown' }))
}
