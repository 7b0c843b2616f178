import { sql } from 'kysely'
import { rollbackPostPrefix } from '../../../domain/keys.ts'
import type { Db } from '../../db.ts'

/** A live version that a person took back, of which the people's channel knows nothing yet. */
export interface UntoldRollback {
  /** Its row in the audit. */
  readonly seq: number
  readonly bot: string
  readonly from: number
  readonly to: number
  /** The platform's user id of the person, who did it in Slack. */
  readonly slackUser: string | undefined
}

/** Older ones are no news any more. */
const newsForMs = 24 * 60 * 60_000

interface Row {
  readonly seq: number
  readonly bot: string
  readonly from: number
  readonly to: number
  readonly slack_user: string | null
}

/**
 * Rollbacks of these bots' versions in the last day about which nothing was posted; the oldest first. One that ended a rollout is told by its workflow.
 */
export async function untoldRollbacks(
  db: Db,
  { bots, limit }: { readonly bots: readonly string[]; readonly limit: number },
): Promise<readonly UntoldRollback[]> {
  const { rows } = await sql<Row>`
    select audit.seq::int as seq, subject as bot, (details ->> 'from')::int as from, (details ->> 'to')::int as to,
           case when people.channel = 'slack' then people.platform_user_id end as slack_user
    from audit left join people on people.id::text = audit.actor
    where action = 'version.rolled-back' and subject = any(${[...bots]}) and audit.at > now() - ${newsForMs} * interval '1 millisecond'
      and not exists (select 1 from rollouts where rollouts.bot = subject and rollouts.version = (details ->> 'from')::int
                      and ended_as = 'withdrawn')
      and not exists (select 1 from replies where key = ${rollbackPostPrefix} || audit.seq
                      and state in ('sent', 'undeliverable'))
    order by audit.seq limit ${limit}`.execute(db)
  return rows.map(({ slack_user: slackUser, ...row }) => ({ ...row, slackUser: slackUser ?? undefined }))
}
