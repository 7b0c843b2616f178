import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { withoutQuote } from './let-go.ts'

/**
 * A disagreement whose rollout is over says nothing about any version on its way, and what was taken back is shown to nobody:
 * nobody is asked about it any more.
 */
export const stillAsked = sql`(blind_questions.closed_at is null
  and exists (select 1 from messages where messages.id = blind_questions.message_id and messages.deleted_at is null)
  and (blind_questions.version is null or exists (
    select 1 from rollouts where rollouts.bot = blind_questions.bot and rollouts.version = blind_questions.version
      and rollouts.ended_as is null)))`

/** A blind question as those who answer it see it. It does not say what any version answered. */
export interface AnsweredQuestion {
  readonly id: string
  readonly bot: string
  /** Label ids in the order in which they are offered. */
  readonly labels: readonly string[]
  /** What it was settled as; absent while it is open, and when nobody could tell. */
  readonly label: string | undefined
  readonly closed: boolean
  /** Its message was taken back, or another question has taken its place: it stays closed. */
  readonly letGo: boolean
}

/** A post of a question. */
interface BlindPost extends AnsweredQuestion {
  /** Where it was put into Slack. */
  readonly channelId: string | undefined
  readonly platformId: string | undefined
}

/** A question that people are asked. */
export interface BlindQuestion extends BlindPost {
  readonly messageId: string
  readonly position: number
}

interface PostRow {
  readonly id: string
  readonly bot: string
  readonly message_id: string | null
  readonly labels: readonly string[]
  readonly label: string | null
  readonly closed_at: Date | null
  readonly channel_id: string | null
  readonly platform_id: string | null
}

/** One of a question that has not let go. */
interface Row extends PostRow {
  readonly message_id: string
  readonly position: number
}

const postOf = (row: PostRow): BlindPost => ({
  id: row.id,
  bot: row.bot,
  labels: row.labels,
  label: row.label ?? undefined,
  closed: row.closed_at !== null,
  letGo: row.message_id === null,
  channelId: row.channel_id ?? undefined,
  platformId: row.platform_id ?? undefined,
})

const questionOf = (row: Row): BlindQuestion => ({
  ...postOf(row),
  messageId: row.message_id,
  position: row.position,
})

const columns = sql`blind_questions.id, blind_questions.bot, blind_questions.message_id, blind_questions.position, labels, label, closed_at, channel_id,
  blind_questions.platform_id`

export async function blindQuestionById(
  db: Db,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<AnsweredQuestion | undefined> {
  const { rows } = await sql<PostRow>`
    select ${columns} from blind_questions where id = ${id} ${options.lock === true ? sql`for update` : sql``}`.execute(
    db,
  )
  return rows.map(postOf)[0]
}

/**
 * Open questions for one person at the labelling page, disagreements first and the oldest of them first: none that the person
 * has answered already.
 */
export async function questionsFor(
  db: Db,
  { bot, personId, limit }: { readonly bot: string; readonly personId: string; readonly limit: number },
): Promise<readonly BlindQuestion[]> {
  const { rows } = await sql<Row>`
    select ${columns} from blind_questions
    where bot = ${bot} and ${stillAsked}
      and not exists (select 1 from blind_labels where question_id = blind_questions.id and person_id = ${personId}
                      and undone_at is null)
    order by reason, asked_at, id limit ${limit}`.execute(db)
  return rows.map(questionOf)
}

/** How many questions of a bot are open, and how many were settled with a label. */
export async function blindProgress(
  db: Db,
  bot: string,
): Promise<{ readonly open: number; readonly labelled: number; readonly undecided: number }> {
  const { rows } = await sql<{ open: number; labelled: number; undecided: number }>`
    select count(*) filter (where ${stillAsked})::int as open,
           count(*) filter (where label is not null)::int as labelled,
           count(*) filter (where closed_at is not null and label is null and message_id is not null)::int as undecided
    from blind_questions where bot = ${bot}`.execute(db)
  return rows[0] ?? { open: 0, labelled: 0, undecided: 0 }
}

/**
 * Takes open questions for the people's channel, within its cap of questions a day, which those that show an answer count in
 * too; and those that were taken before and are not visible yet.
 */
export async function takeForChannel(
  db: Db,
  place: { readonly bot: string; readonly channelId: string; readonly capPerDay: number; readonly limit: number },
): Promise<readonly BlindQuestion[]> {
  const { bot, channelId, capPerDay, limit } = place
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`questions:${channelId}`}, 0))`.execute(trx)
    await sql`
      update blind_questions set channel_id = ${channelId}, posted_at = now()
      where id in (
        select id from blind_questions
        where bot = ${bot} and ${stillAsked} and channel_id is null order by reason, asked_at, id
        limit greatest(0, least(${limit}::bigint, ${capPerDay}
          - (select count(*) from questions where channel_id = ${channelId} and reason <> 'conflict'
               and asked_at > now() - interval '24 hours')
          - (select count(*) from blind_questions where channel_id = ${channelId}
               and posted_at > now() - interval '24 hours'))))`.execute(trx)
    const { rows } = await sql<Row>`
      select ${columns} from blind_questions
      where bot = ${bot} and channel_id = ${channelId} and ${stillAsked} and platform_id is null
        and posted_at > now() - interval '24 hours'
        and not exists (select 1 from replies where key = 'blind:' || blind_questions.id
                        and state in ('undeliverable', 'unconfirmed'))
      order by posted_at, id limit ${limit}`.execute(trx)
    return rows.map(questionOf)
  })
}

/** The question is visible in Slack; the first post stays. */
export async function recordBlindPost(db: Db, id: string, platformId: string): Promise<void> {
  await sql`update blind_questions set platform_id = coalesce(platform_id, ${platformId}) where id = ${id}`.execute(db)
}

/** A post that is to say something else than it does. */
interface PostToClose extends BlindPost {
  readonly text: string
}

/** What the post of a closed question is to say above its end, as its message stands now. */
const closedText = sql`case when messages.deleted_at is null then replies.text else ${withoutQuote} end`

/** Closed questions whose posts still ask or quote what was taken back, with what the post is to say. */
export async function postsToClose(db: Db, bot: string): Promise<readonly PostToClose[]> {
  const { rows } = await sql<PostRow & { text: string }>`
    select ${columns}, ${closedText} as text
    from blind_questions
    join replies on replies.key = 'blind:' || blind_questions.id
    join messages on messages.id = replies.message_id
    where blind_questions.bot = ${bot} and closed_at is not null and blind_questions.platform_id is not null
      and post_closed_at is null
    order by closed_at limit 50`.execute(db)
  return rows.map((row) => ({ ...postOf(row), text: row.text }))
}

/** A post says what it was to say. If that is something else by now, it stays one to close. */
export async function recordPostClosed(
  db: Db,
  { id, label, text, letGo }: Pick<PostToClose, 'id' | 'label' | 'text' | 'letGo'>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // Whoever takes the words back or settles it otherwise changes this row too: what they did is seen below.
    await sql`select 1 from blind_questions where id = ${id} for update`.execute(trx)
    await sql`
      update blind_questions set post_closed_at = now()
      from replies join messages on messages.id = replies.message_id
      where blind_questions.id = ${id} and replies.key = 'blind:' || blind_questions.id and closed_at is not null
        and label is not distinct from ${label ?? null} and (blind_questions.message_id is null) = ${letGo}
        and ${closedText} = ${text}`.execute(trx)
  })
}
