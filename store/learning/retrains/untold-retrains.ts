import { sql } from 'kysely'
import { failedRetrainPostPrefix } from '../../../domain/keys.ts'
import type { Db } from '../../db.ts'

/** A retrain that made no version, of which the people's channel knows nothing yet. */
export interface UntoldRetrain {
  readonly bot: string
  readonly number: number
  /** Why: one sentence of our own words. */
  readonly outcome: string
}

/** Older ones are no news any more. */
const newsForMs = 24 * 60 * 60_000

/** Failed retrains of these bots in the last day about which nothing was posted; the oldest first. */
export async function untoldRetrains(
  db: Db,
  { bots, limit }: { readonly bots: readonly string[]; readonly limit: number },
): Promise<readonly UntoldRetrain[]> {
  const { rows } = await sql<UntoldRetrain>`
    select bot, number, coalesce(outcome, 'no reason is known') as outcome
    from retrains
    where state = 'failed' and bot = any(${[...bots]}) and finished_at > now() - ${newsForMs} * interval '1 millisecond'
      and not exists (select 1 from replies where key = ${failedRetrainPostPrefix} || bot || ':' || number
                      and state in ('sent', 'undeliverable'))
    order by finished_at limit ${limit}`.execute(db)
  return rows
}
