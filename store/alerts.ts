import { sql } from 'kysely'
import type { Db } from './db.ts'

/** Something that an operator has to do something about: one row per cause, for as long as it lasts. */
export interface Alert {
  readonly cause: string
  readonly since: Date
  readonly detail: string
  /** Whether operators were told. */
  readonly told: boolean
}

/** The alerts whose cause lasts, oldest first. */
export async function openAlerts(db: Db): Promise<readonly Alert[]> {
  const { rows } = await sql<Alert>`
    select cause, since, detail, told_at is not null as told from alerts order by since, cause`.execute(db)
  return rows
}

/** A cause is there: opens its alert, or brings what it says up to date. */
export async function raiseAlert(db: Db, alert: Pick<Alert, 'cause' | 'detail'>): Promise<void> {
  await sql`insert into alerts (cause, detail) values (${alert.cause}, ${alert.detail})
            on conflict (cause) do update set detail = excluded.detail`.execute(db)
}

/** Operators were told; they are not told again while the cause lasts. */
export async function recordTold(db: Db, cause: string): Promise<void> {
  await sql`update alerts set told_at = coalesce(told_at, now()) where cause = ${cause}`.execute(db)
}

/** The causes are gone. */
export async function closeAlerts(db: Db, causes: readonly string[]): Promise<void> {
  await sql`delete from alerts where cause = any(${causes})`.execute(db)
}

/** A bot whose platform does not let it in any more. */
export interface LockedOut {
  readonly bot: string
  readonly channel: string
  /** The platform's own code. */
  readonly failure: string
}

/** Codes by which Slack says that a token, or what it allows, is not enough; and how the reasons of X begin that say so. */
const slackCodes = ['token_revoked', 'token_expired', 'invalid_auth', 'not_authed', 'account_inactive', 'missing_scope']
const xReasons = '^(401|403 .*(client-forbidden|unsupported-authentication|usage-capped|\\m(64|220|261|326|416)\\M))'

/**
 * Bots whose latest tries of the last day a platform refused for their credentials: no reply of theirs was taken there since.
 */
export async function lockedOutBots(db: Db): Promise<readonly LockedOut[]> {
  const { rows } = await sql<LockedOut>`
    with tries as (
      select messages.bot, messages.channel, failure, state, coalesce(replies.sent_at, sending_at, created_at) as at
      from replies join messages on messages.id = message_id
      where created_at > now() - interval '1 day' and messages.channel != 'http' and not synthetic
    )
    select distinct on (bot, channel) bot, channel, failure from tries as refused
    where state != 'sent' and (failure = any(${slackCodes}) or failure ~ ${xReasons})
      and not exists (select 1 from tries
                      where bot = refused.bot and channel = refused.channel and state = 'sent' and at > refused.at)
    order by bot, channel, at desc`.execute(db)
  return rows
}

/** Codes by which Slack says that nothing can be posted to a channel, whatever the token allows. */
const closedCodes = ['is_archived', 'channel_not_found', 'not_in_channel', 'restricted_action']

/** Bots whose latest question to people could not be posted, because the people's channel is closed to them; within the last day. */
export async function botsWithoutPeople(db: Db): Promise<readonly Omit<LockedOut, 'channel'>[]> {
  const { rows } = await sql<Omit<LockedOut, 'channel'>>`
    select bot, failure from (
      select distinct on (messages.bot) messages.bot, failure, state
      from replies join messages on messages.id = message_id
      where kind = 'question' and state in ('sent', 'undeliverable') and created_at > now() - interval '1 day' and not synthetic
      order by messages.bot, created_at desc
    ) as latest
    where state = 'undeliverable' and failure = any(${closedCodes}) order by bot`.execute(db)
  return rows
}
