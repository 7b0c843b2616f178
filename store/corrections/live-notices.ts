import { sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'

/** A person whose correction a live version has learned. */
export interface Fixer extends PredictionRef {
  readonly label: string
  readonly voteId: string
  readonly channel: ChannelName
  /** Where the person is told; absent when they look at the page. */
  readonly address: ReplyAddress | undefined
}

/**
 * Keeps that the corrections which a version was trained on are live, each the first time only; those whose message was taken
 * back, or that do not stand any more as they were learned, are left out. Repeating it changes nothing.
 */
export async function recordLive(
  db: Db,
  { bot, version }: { readonly bot: string; readonly version: number },
): Promise<void> {
  await sql`
    insert into live_notices (message_id, position, bot, version, corrected_at)
    select learned.message_id, learned.position, ${bot}, ${version},
           coalesce((select min(created_at) from votes where votes.message_id = learned.message_id and votes.position = learned.position
                     and verdict = 'counted' and votes.label = corrections.label), corrections.decided_at)
    from versions join dataset_corrections as learned on learned.root = versions.dataset_root and learned.part = 'train'
    join corrections using (message_id, position, label) join messages on messages.id = learned.message_id
    where versions.bot = ${bot} and versions.version = ${version} and corrections.state = 'accepted'
      and corrections.decided_at is not null and messages.deleted_at is null
    on conflict do nothing`.execute(db)
}

interface Row {
  readonly message_id: string
  readonly position: number
  readonly label: string
  readonly id: string
  readonly channel: ChannelName
  readonly address: ReplyAddress | null
}

/** The people whose standing votes agree with what this version learned and brought live, who want to hear of it. */
export async function fixersOf(
  db: Db,
  { bot, version }: { readonly bot: string; readonly version: number },
): Promise<readonly Fixer[]> {
  const { rows } = await sql<Row>`
    select votes.message_id, votes.position, votes.label, votes.id, people.channel, votes.address
    from live_notices join versions using (bot, version)
    join dataset_corrections as learned on learned.root = versions.dataset_root and learned.part = 'train'
      and learned.message_id = live_notices.message_id and learned.position = live_notices.position
    join corrections on corrections.message_id = learned.message_id and corrections.position = learned.position
      and corrections.label = learned.label
    join votes on votes.message_id = live_notices.message_id and votes.position = live_notices.position
              and votes.verdict = 'counted' and votes.label = corrections.label
    join people on people.id = votes.person_id
    where live_notices.bot = ${bot} and live_notices.version = ${version}
      and not exists (select 1 from opt_outs where opt_outs.bot = ${bot} and opt_outs.person_id = votes.person_id and opted_out)
    order by votes.created_at, votes.id`.execute(db)
  return rows.map((row) => ({
    messageId: row.message_id,
    position: row.position,
    label: row.label,
    voteId: row.id,
    channel: row.channel,
    address: row.address ?? undefined,
  }))
}

/**
 * The correction-to-live clock: from the first vote for what was right to the first live version that has learned it.
 * @returns the median in milliseconds, `null` without any, and over how many corrections.
 */
export async function correctionToLive(
  db: Db,
  bot: string,
): Promise<{ readonly medianMs: number | null; readonly corrections: number }> {
  const { rows } = await sql<{ median_ms: number | null; corrections: number }>`
    select percentile_cont(0.5) within group (order by extract(epoch from live_at - corrected_at)::float8 * 1000) as median_ms,
           count(*)::int as corrections
    from live_notices where bot = ${bot}`.execute(db)
  return { medianMs: rows[0]?.median_ms ?? null, corrections: rows[0]?.corrections ?? 0 }
}
