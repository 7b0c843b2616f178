import { sql } from 'kysely'
import { appendAudit } from './audit.ts'
import { type Db, inTransaction } from './db.ts'

export interface Pause {
  readonly since: Date
  /** The name of whoever came by our own sign-in, else our id of them. */
  readonly by: string
}

/** The bots that are paused now. */
export async function pausedBots(db: Db): Promise<ReadonlyMap<string, Pause>> {
  const { rows } = await sql<Pause & { readonly bot: string }>`
    select bot, since, coalesce(platform_user_id, actor) as by
    from pauses left join people on people.id::text = actor and channel = 'http'`.execute(db)
  return new Map(rows.map(({ bot, since, by }) => [bot, { since, by }]))
}

/** From now on what arrives for the bot is kept and not started. */
export async function pauseBot(db: Db, bot: string, actor: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await sql`insert into pauses (bot, actor) values (${bot}, ${actor}) on conflict do nothing`.execute(trx)
    await appendAudit(trx, { actor, action: 'bot.paused', subject: bot, details: {} })
  })
}

/**
 * Ends a pause. What waited expires after the bot's own time, unless `answerAll`.
 * @returns how many events had waited.
 */
export async function resumeBot(
  db: Db,
  resume: { readonly bot: string; readonly actor: string; readonly answerAll: boolean },
): Promise<number> {
  const { bot, actor, answerAll } = resume
  return inTransaction(db, async (trx) => {
    const waited = await sql`
      update inbound_events set paused = ${!answerAll}
      where bot = ${bot} and started_at is null and request is not null
        and exists (select 1 from pauses where pauses.bot = ${bot})`.execute(trx)
    await sql`delete from pauses where bot = ${bot}`.execute(trx)
    await appendAudit(trx, { actor, action: 'bot.resumed', subject: bot, details: { answerAll } })
    return Number(waited.numAffectedRows ?? 0)
  })
}
