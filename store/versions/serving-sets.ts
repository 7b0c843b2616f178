import { sql } from 'kysely'
import type { ServingSet } from '../../domain/serving-set.ts'
import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db.ts'

/** What serves for a bot now, or `undefined` before its first version. */
export async function servingSetOf(db: Db, bot: string): Promise<ServingSet | undefined> {
  const row = await db
    .selectFrom('serving_sets')
    .select(['policy', 'members'])
    .where('bot', '=', bot)
    .executeTakeFirst()
  return row && { policy: row.policy, members: row.members }
}

/**
 * What serves, locked until the transaction ends: whoever changes it reads it so, and before any rollout's row, so that two
 * changes at once come one after the other.
 * @throws Error when the bot has no version yet.
 */
export async function lockServingSet(trx: Trx, bot: string): Promise<ServingSet> {
  const row = await trx
    .selectFrom('serving_sets')
    .select(['policy', 'members'])
    .where('bot', '=', bot)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw new Error('nothing serves for this bot')
  return { policy: row.policy, members: row.members }
}

/** Replaces what serves, with an audit row in the same transaction. The caller has made sure that every member is loaded and warm. */
export async function replaceServingSet(
  trx: Trx,
  change: { readonly bot: string; readonly set: ServingSet; readonly actor: string },
): Promise<void> {
  const row = { policy: change.set.policy, members: JSON.stringify(change.set.members) }
  await trx
    .insertInto('serving_sets')
    .values({ bot: change.bot, ...row })
    .onConflict((conflict) =>
      conflict
        .column('bot')
        .doUpdateSet({ ...row, revision: sql<number>`serving_sets.revision + 1`, updated_at: sql<Date>`now()` }),
    )
    .execute()
  await appendAudit(trx, {
    actor: change.actor,
    action: 'serving-set.replaced',
    subject: change.bot,
    details: { policy: change.set.policy, members: change.set.members },
  })
}
