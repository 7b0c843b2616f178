import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { learnedInputs } from '../rollouts/evidence/pairs.ts'
import { lettingGo } from './let-go.ts'
import { stillAsked } from './questions.ts'

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

/** Nobody is or was asked about a scored input. A question that nobody is asked any more, and that is not settled, is none. */
const isNew = (bot: string, scores: 'own' | 'scores') => sql`
  not exists (select 1 from blind_questions where blind_questions.bot = ${bot}
    and (blind_questions.closed_at is not null or ${stillAsked})
    and (blind_questions.input_sha256 = ${sql.ref(`${scores}.input_sha256`)}
         or (blind_questions.message_id = ${sql.ref(`${scores}.message_id`)}
             and blind_questions.position = ${sql.ref(`${scores}.position`)})))`

/**
 * Disagreements of a rollout's version with its champion since the rollout began, whose inputs nobody was asked about and the
 * version has not learned: only their labels are evidence.
 */
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
      and not exists (select from (${learnedInputs({ bot, version })}) learned where learned.input_sha256 = own.input_sha256)
    order by own.input_sha256, own.message_id limit ${limit}`.execute(db)
  return rows.map(candidateOf('disagreement'))
}

/**
 * A random share of all answers since the rollout began (2 % by default, `askShare` of bot.yaml).
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
