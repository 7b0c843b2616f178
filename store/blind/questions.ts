import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { lettingGo, withoutQuote } from './let-go.ts'

/** Two answers to one input that differ, or an answer that was drawn at random: nobody has been asked about it. */
export interface Candidate {
  readonly messageId: string
  readonly position: number
  readonly inputSha256: string
  readonly reason: 'disagreement' | 'random'
}

interface CandidateRow {
  readonly message_id: string
  readonly position: number
  readonly input_sha256: string
}

const candidateOf =
  (reason: Candidate['reason']) =>
  (row: CandidateRow): Candidate => ({
    messageId: row.message_id,
    position: row.position,
    inputSha256: row.input_sha256,
    reason,
  })

/** Messages that people may be asked about: what others asked a bot, none of a load test, none that its author took back. */
const askable = sql`messages.intent in ('ask', 'ask-all') and not messages.synthetic and messages.deleted_at is null`

/**
 * A disagreement whose rollout is over says nothing about any version on its way, and what was taken back is shown to nobody:
 * nobody is asked about it any more.
 */
export const stillAsked = sql`(blind_questions.closed_at is null
  and exists (select 1 from messages where messages.id = blind_questions.message_id and messages.deleted_at is null)
  and (blind_questions.version is null or exists (
    select 1 from rollouts where rollouts.bot = blind_questions.bot and rollouts.version = blind_questions.version
      and rollouts.ended_as is null)))`

/** Nobody is or was asked about a scored input. A question that nobody is asked any more, and that is not settled, is none. */
const isNew = (bot: string, scores: 'own' | 'scores') => sql`
  not exists (select 1 from blind_questions where blind_questions.bot = ${bot}
    and (blind_questions.closed_at is not null or ${stillAsked})
    and (blind_questions.input_sha256 = ${sql.ref(`${scores}.input_sha256`)}
         or (blind_questions.message_id = ${sql.ref(`${scores}.message_id`)}
             and blind_questions.position = ${sql.ref(`${scores}.position`)})))`

/** Disagreements of a rollout's version with its champion since the rollout began, whose inputs nobody was asked about. */
export async function newDisagreements(
  db: Db,
  { bot, version }: { readonly bot: string; readonly version: number },
  limit: number,
): Promise<readonly Candidate[]> {
  const { rows } = await sql<CandidateRow>`
    select distinct on (own.input_sha256) own.message_id, own.position, own.input_sha256
    from rollouts
    join messages on messages.bot = rollouts.bot and messages.received_at >= rollouts.started_at and ${askable}
    join scores as own on own.message_id = messages.id and own.version = rollouts.version
    join scores as other on other.message_id = own.message_id and other.position = own.position and other.version = rollouts.champion
    where rollouts.bot = ${bot} and rollouts.version = ${version}
      and own.error is null and other.error is null and own.label is not null and other.label is not null
      and own.label <> other.label and ${isNew(bot, 'own')}
    order by own.input_sha256, own.message_id limit ${limit}`.execute(db)
  return rows.map(candidateOf('disagreement'))
}

/**
 * A random share of all answers since the rollout began (learning-and-rollouts.md §6: 2 % by default, `askShare` of bot.yaml).
 * Drawn by the digest of the prediction's id, so that looking again draws the same. Answers that people were asked about with
 * the bot's own answer in sight are left out: they are no blind sample any more.
 */
export async function randomAnswers(
  db: Db,
  { bot, version, share }: { readonly bot: string; readonly version: number; readonly share: number },
  limit: number,
): Promise<readonly Candidate[]> {
  const { rows } = await sql<CandidateRow>`
    select distinct on (scores.input_sha256) choices.message_id, choices.position, scores.input_sha256
    from rollouts
    join messages on messages.bot = rollouts.bot and messages.received_at >= rollouts.started_at and ${askable}
    join choices on choices.message_id = messages.id
    join scores on scores.message_id = choices.message_id and scores.position = choices.position
               and scores.slot = choices.slot and scores.version = choices.version
    where rollouts.bot = ${bot} and rollouts.version = ${version} and messages.outcome = 'answered'
      and ('x' || left(md5(choices.message_id || ':' || choices.position), 8))::bit(32)::bigint < ${share}::float8 * 4294967296
      and not exists (select 1 from questions where questions.message_id = choices.message_id
                      and questions.position = choices.position)
      and ${isNew(bot, 'scores')}
    order by scores.input_sha256, choices.message_id limit ${limit}`.execute(db)
  return rows.map(candidateOf('random'))
}

/**
 * Keeps a question. It takes the place of one about the same input that nobody is asked any more, whose post is closed then.
 * @param question.labels in the order in which they are offered.
 * @returns false when the input was asked about before.
 */
export async function openBlindQuestion(
  db: Db,
  question: Candidate & { readonly bot: string; readonly version: number; readonly labels: readonly string[] },
): Promise<boolean> {
  const { bot, messageId, position, inputSha256, reason } = question
  const version = reason === 'disagreement' ? question.version : null
  return db.transaction().execute(async (trx) => {
    await sql`
      update blind_questions set ${lettingGo}
      where bot = ${bot} and (input_sha256 = ${inputSha256} or (message_id = ${messageId} and position = ${position}))
        and closed_at is null and not ${stillAsked}`.execute(trx)
    const { rows } = await sql`
      insert into blind_questions (bot, message_id, position, input_sha256, reason, version, labels)
      values (${bot}, ${messageId}, ${position}, ${inputSha256}, ${reason}, ${version}, ${JSON.stringify(question.labels)})
      on conflict do nothing returning 1`.execute(trx)
    return rows.length > 0
  })
}

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

/** Closed questions whose posts still ask or quote what was taken back, with what the post is to say. */
export async function postsToClose(db: Db, bot: string): Promise<readonly (BlindPost & { readonly text: string })[]> {
  const { rows } = await sql<PostRow & { text: string }>`
    select ${columns}, case when messages.deleted_at is null then replies.text else ${withoutQuote} end as text
    from blind_questions
    join replies on replies.key = 'blind:' || blind_questions.id
    join messages on messages.id = replies.message_id
    where blind_questions.bot = ${bot} and closed_at is not null and blind_questions.platform_id is not null
      and post_closed_at is null
    order by closed_at limit 50`.execute(db)
  return rows.map((row) => ({ ...postOf(row), text: row.text }))
}

export async function recordPostClosed(db: Db, id: string): Promise<void> {
  await sql`update blind_questions set post_closed_at = now() where id = ${id} and closed_at is not null`.execute(db)
}
