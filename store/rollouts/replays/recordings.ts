import { sql } from 'kysely'
import type { ChannelName } from '../../../domain/label.ts'
import type { PredictionRef } from '../../../domain/prediction.ts'
import { mostEarlier, type RecordedContext } from '../../../domain/rollout/recorded-context.ts'
import type { Db } from '../../db.ts'

/** Recordings are kept for so long, and gone at once with their message. */
const recordingDays = 30

/** What the models of a bot saw in one message. */
export interface Decoy {
  readonly messageId: string
  readonly bot: string
  readonly channel: ChannelName
  /** The author as a hash that belongs to this bot alone. */
  readonly unit: string
  readonly preprocessingVersion: string
  readonly inputs: readonly { readonly position: number; readonly inputSha256: string }[]
}

/**
 * What models saw of the messages that came before in the conversation of `messages`, the newest first, and what has been
 * answered by now: a thread in Slack, or what a person wrote directly on X within a day.
 */
const earlierMessages = sql`
  select jsonb_agg(jsonb_build_object('message', id, 'inputs', inputs) order by received_at desc) from (
    select other.id, other.received_at, seen.inputs
    from (
      select id, received_at from messages thread
      where messages.address ->> 'threadTs' is not null
        and thread.address ->> 'channelId' = messages.address ->> 'channelId'
        and thread.address ->> 'threadTs' = messages.address ->> 'threadTs' and thread.bot = messages.bot
      union all
      select id, received_at from messages direct
      where messages.address ->> 'kind' = 'x-direct' and direct.address ->> 'kind' = 'x-direct'
        and direct.person_id = messages.person_id and direct.bot = messages.bot
        and direct.received_at > messages.received_at - interval '1 day'
    ) as other
    cross join lateral (
      select jsonb_agg(jsonb_build_object('sha256', input_sha256, 'answered', choices.label) order by recorded.position) as inputs
      from recordings recorded left join choices
        on choices.message_id = recorded.message_id and choices.position = recorded.position
      where recorded.message_id = other.id
    ) as seen
    where other.id <> messages.id and other.received_at <= messages.received_at and seen.inputs is not null
    order by other.received_at desc limit ${mostEarlier}
  ) as earlier`

/** Keeps what models see, as it is, with its context: the bytes are blobs already. A second call changes nothing. */
export async function recordInputs(db: Db, decoy: Decoy): Promise<void> {
  const { messageId, bot, channel, unit, preprocessingVersion } = decoy
  await sql`
    insert into recordings (message_id, position, bot, channel, input_sha256, preprocessing_version, unit, context, recorded_at, expires_at)
    select messages.id, position, ${bot}, ${channel}, "inputSha256", ${preprocessingVersion}, ${unit},
           jsonb_build_object(
             'intent', coalesce(intent, 'ask'), 'subject', subject ->> 'kind', 'earlier', coalesce((${earlierMessages}), '[]')),
           clock_timestamp(), clock_timestamp() + make_interval(days => ${recordingDays})
    from messages
    cross join jsonb_to_recordset(${JSON.stringify(decoy.inputs)}::jsonb) as inputs (position int, "inputSha256" text)
    where messages.id = ${messageId}
    on conflict (message_id, position) do nothing`.execute(db)
}

/** One recorded input. `truth` is what people say it is, where they have said. */
export interface Recording extends PredictionRef {
  readonly inputSha256: string
  readonly preprocessingVersion: string
  readonly context: RecordedContext
  readonly recordedAt: Date
  readonly truth: string | undefined
  /** One of the versions that are asked about was trained on what people said of it. */
  readonly learned: boolean
}

/** Which recordings are meant: those from `since` on, before `until`, and of inputs that these rules prepared. */
export interface RecordedWithin {
  readonly since?: Date | undefined
  readonly until?: Date | undefined
  readonly preprocessingVersion?: string | undefined
}

const keptWithin = (bot: string, { since, until, preprocessingVersion: rules }: RecordedWithin) => sql`
  recordings.bot = ${bot} and expires_at > now()
  ${since === undefined ? sql`` : sql`and recorded_at >= ${since}`} ${until === undefined ? sql`` : sql`and recorded_at < ${until}`}
  ${rules === undefined ? sql`` : sql`and preprocessing_version = ${rules}`}`

/** How many recordings of a bot there are that have not expired. */
export async function countRecordings(db: Db, bot: string, within: RecordedWithin): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from recordings where ${keptWithin(bot, within)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** The newest recordings of a bot that have not expired, newest first: what people settled on, else what they labelled blind, is their truth. */
export async function recordingsOf(
  db: Db,
  bot: string,
  {
    limit,
    versions = [],
    ...within
  }: RecordedWithin & { readonly limit: number; readonly versions?: readonly number[] },
): Promise<readonly Recording[]> {
  const { rows } = await sql<{
    message_id: string
    position: number
    input_sha256: string
    preprocessing_version: string
    context: RecordedContext
    recorded_at: Date
    truth: string | null
    learned: boolean
  }>`
    select recordings.message_id, recordings.position, recordings.input_sha256, preprocessing_version, context, recorded_at,
           coalesce(corrections.label, blind_questions.label) as truth,
           exists (
             select 1 from dataset_corrections trained join versions on versions.dataset_root = trained.root
             where versions.bot = ${bot} and versions.version = any(${[...versions]}::int[]) and trained.part = 'train'
               and trained.message_id = recordings.message_id and trained.position = recordings.position
           ) as learned
    from recordings
    left join corrections on corrections.message_id = recordings.message_id
      and corrections.position = recordings.position and corrections.state in ('accepted', 'confirmed')
    left join blind_questions on blind_questions.message_id = recordings.message_id
      and blind_questions.position = recordings.position
    where ${keptWithin(bot, within)}
    order by recorded_at desc, recordings.id desc limit ${limit}`.execute(db)
  return rows.map((row) => ({
    messageId: row.message_id,
    position: row.position,
    inputSha256: row.input_sha256,
    preprocessingVersion: row.preprocessing_version,
    context: row.context,
    recordedAt: row.recorded_at,
    truth: row.truth ?? undefined,
    learned: row.learned,
  }))
}

/** Deletes the recordings whose time is over. @returns how many. */
export async function sweepRecordings(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`delete from recordings where expires_at <= now()`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
