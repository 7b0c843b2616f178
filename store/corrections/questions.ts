import { sql } from 'kysely'
import { questionPostPrefix, reviewPostPrefix } from '../../domain/keys.ts'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import { openCorrection } from './corrections.ts'
import type { Db } from '../db.ts'

/** Why people are asked. */
export type QuestionReason = 'unsure' | 'random' | 'conflict'

export interface Question extends PredictionRef {
  readonly bot: string
  readonly reason: QuestionReason
  /** Where people are asked. */
  readonly channelId: string
}

/**
 * Keeps that people are asked about a prediction, with its open correction; two calls at once make one question, and never
 * more than the cap. Nobody is asked about a message that was taken back.
 * @param options.capPerDay how many questions go to the channel within 24 hours, blind ones among them; conflicts have no cap.
 * @returns false when the cap is reached or the question was there before; a conflict opens it again.
 */
export async function openQuestion(
  db: Db,
  question: Question,
  options: { readonly capPerDay: number },
): Promise<boolean> {
  const { messageId, position, bot, reason, channelId } = question
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`questions:${channelId}`}, 0))`.execute(trx)
    const there = await sql`
      select 1 from messages where id = ${messageId} and deleted_at is null for share`.execute(trx)
    if (there.rows.length === 0) return false
    const { rows } = await sql`
      insert into questions (message_id, position, bot, reason, channel_id)
      select ${messageId}, ${position}, ${bot}, ${reason}, ${channelId}
      where ${reason} = 'conflict' or ${options.capPerDay} > (
        select (select count(*) from questions where channel_id = ${channelId} and reason != 'conflict'
                  and asked_at > now() - interval '24 hours')
             + (select count(*) from blind_questions where channel_id = ${channelId}
                  and posted_at > now() - interval '24 hours'))
      on conflict (message_id, position) do update set closed_at = null where excluded.reason = 'conflict'
      returning 1`.execute(trx)
    if (rows.length > 0) await openCorrection(trx, question)
    return rows.length > 0
  })
}

interface Row {
  readonly bot: string
  readonly reason: QuestionReason
  readonly channel_id: string
  readonly platform_id: string | null
  readonly closed_at: Date | null
}

/** A question as it stands. */
export interface StoredQuestion extends Question {
  /** The platform's id of the post; absent until it is visible. */
  readonly platformId: string | undefined
  readonly closed: boolean
}

export async function questionOf(db: Db, ref: PredictionRef): Promise<StoredQuestion | undefined> {
  const { rows } = await sql<Row>`
    select bot, reason, channel_id, platform_id, closed_at from questions
    where message_id = ${ref.messageId} and position = ${ref.position}`.execute(db)
  const [row] = rows
  return (
    row && {
      messageId: ref.messageId,
      position: ref.position,
      bot: row.bot,
      reason: row.reason,
      channelId: row.channel_id,
      platformId: row.platform_id ?? undefined,
      closed: row.closed_at !== null,
    }
  )
}

/** Keeps which of the platform's files a picture of a message is; the first one stays. */
export async function keepFile(db: Db, { messageId, position }: PredictionRef, fileId: string): Promise<void> {
  await sql`insert into message_files (message_id, position, file_id) values (${messageId}, ${position}, ${fileId})
            on conflict do nothing`.execute(db)
}

/** The platform's file of the picture that a prediction is about, if others may see it; never before it was judged. */
export async function fileToShow(db: Db, { messageId, position }: PredictionRef): Promise<string | undefined> {
  const { rows } = await sql<{ file_id: string }>`
    select file_id from message_files
    join message_media using (message_id, position)
    join moderations on moderations.sha256 = message_media.sha256 and moderations.verdict = 'shown'
    where message_id = ${messageId} and position = ${position}`.execute(db)
  return rows[0]?.file_id
}

/** The question is visible. */
export async function recordAsked(db: Db, ref: PredictionRef, platformId: string): Promise<void> {
  await sql`update questions set platform_id = coalesce(platform_id, ${platformId})
            where message_id = ${ref.messageId} and position = ${ref.position}`.execute(db)
}

/** Nobody is asked any more; the first time stays. */
export async function closeQuestion(db: Db, ref: PredictionRef): Promise<void> {
  await sql`update questions set closed_at = coalesce(closed_at, now())
            where message_id = ${ref.messageId} and position = ${ref.position}`.execute(db)
}

/** A visible post of a question: where it stands and what it says. */
export interface QuestionPost {
  readonly platformId: string
  readonly text: string
}

/** Every visible post that asks about a prediction. */
export async function questionPosts(db: Db, ref: PredictionRef): Promise<readonly QuestionPost[]> {
  const keys = [questionPostPrefix, reviewPostPrefix].map((prefix) => `${prefix}${predictionId(ref)}`)
  const { rows } = await sql<{ platform_id: string; text: string }>`
    select platform_id, text from replies
    where message_id = ${ref.messageId} and kind = 'question' and platform_id is not null
      and exists (select 1 from unnest(${keys}::text[]) as key
                  where replies.key = key or starts_with(replies.key, key || ':'))
    order by created_at`.execute(db)
  return rows.map((row) => ({ platformId: row.platform_id, text: row.text }))
}

/** A question whose posts quote a message that was taken back. */
export interface QuotingQuestion extends PredictionRef {
  readonly channelId: string
}

/** Visible questions of a bot whose posts still quote a message that was taken back. */
export async function questionsQuotingDeleted(db: Db, bot: string): Promise<readonly QuotingQuestion[]> {
  const { rows } = await sql<QuotingQuestion>`
    select message_id as "messageId", position, channel_id as "channelId" from questions
    where bot = ${bot} and quotes_deleted and platform_id is not null
    order by closed_at, message_id, position limit 50`.execute(db)
  return rows
}

/** The posts of a question quote nothing any more. */
export async function recordQuotesGone(db: Db, ref: PredictionRef): Promise<void> {
  await sql`update questions set quotes_deleted = false
            where message_id = ${ref.messageId} and position = ${ref.position}`.execute(db)
}

/** How many questions of each bot wait for people. */
export async function openQuestions(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ bot: string; count: number }>`
    select bot, count(*)::int as count from questions where closed_at is null group by bot`.execute(db)
  return new Map(rows.map(({ bot, count }) => [bot, count]))
}
