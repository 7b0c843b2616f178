import { sql } from 'kysely'
import { type CorrectionRules, standingOf } from '../../domain/correction.ts'
import { mayAct } from '../../domain/people.ts'
import { type Db, inTransaction, type Trx } from '../db.ts'
import { actorOf } from '../people/people.ts'
import { type AnsweredQuestion, blindQuestionById } from './questions.ts'

/** A label may be taken back for so long: later, the evidence may rest on it. */
const undoWithinMs = 10 * 60_000

export interface BlindAnswer {
  /** Our id of it, by which a repeated delivery is found. */
  readonly id: string
  readonly questionId: string
  /** Our id of the person. */
  readonly personId: string
  /** A label's id; absent: "can't tell". */
  readonly label?: string | undefined
}

/** What became of an answer to a blind question. */
export type BlindOutcome =
  | { readonly kind: 'unknown-question' | 'unknown-label' | 'closed' | 'too-late' }
  /** It counts; `closed` when the question is settled by now. */
  | { readonly kind: 'noted'; readonly question: AnsweredQuestion; readonly votes: number; readonly needed: number }

interface LabelRow {
  readonly person_id: string
  readonly label: string | null
}

/**
 * Where a question stands: a reviewer settles it with one label, others with as many that agree as a correction needs; three
 * who cannot tell close it without one. There is no prediction to agree with, so the rules know no "right after all".
 */
async function standing(trx: Trx, question: AnsweredQuestion, rules: CorrectionRules) {
  const { rows } = await sql<LabelRow>`
    select person_id, label from blind_labels where question_id = ${question.id} and undone_at is null
    order by at, id`.execute(trx)
  const votes = []
  for (const { person_id: person, label } of rows) {
    const reviewer = mayAct(await actorOf(trx, person), question.bot, 'reviewer')
    votes.push({ person, reviewer, ...(label !== null && { label }) })
  }
  return standingOf(votes, '', rules)
}

/** Brings a question to where its labels put it: settled, closed without a label, or open again unless it has let go. */
async function settle(trx: Trx, question: AnsweredQuestion, rules: CorrectionRules): Promise<BlindOutcome> {
  const now = await standing(trx, question, rules)
  const closed = question.letGo || now.state === 'accepted' || now.state === 'undecided'
  const label = now.state === 'accepted' ? now.label : undefined
  await sql`
    update blind_questions set label = ${label ?? null}, closed_at = case when ${closed} then coalesce(closed_at, now()) end,
           post_closed_at = case when ${closed} then post_closed_at end
    where id = ${question.id}`.execute(trx)
  return { kind: 'noted', question: { ...question, label, closed }, votes: now.votes, needed: now.needed }
}

async function isKept(trx: Trx, { id }: BlindAnswer): Promise<boolean> {
  const { rows } = await sql`select 1 from blind_labels where id = ${id}`.execute(trx)
  return rows.length > 0
}

/**
 * Keeps a person's answer to a blind question; a later one of the same person takes the place of the first. A closed question
 * takes no more. Repeating it changes nothing.
 */
export async function labelBlind(db: Db, answer: BlindAnswer, rules: CorrectionRules): Promise<BlindOutcome> {
  return inTransaction(db, async (trx) => {
    const question = await blindQuestionById(trx, answer.questionId, { lock: true })
    if (question === undefined) return { kind: 'unknown-question' }
    const { id, personId, label } = answer
    if (await isKept(trx, answer)) return settle(trx, question, rules)
    if (question.closed) return { kind: 'closed' }
    if (label !== undefined && !question.labels.includes(label)) return { kind: 'unknown-label' }
    await sql`update blind_labels set undone_at = now()
              where question_id = ${question.id} and person_id = ${personId} and undone_at is null`.execute(trx)
    await sql`insert into blind_labels (id, question_id, person_id, label)
              values (${id}, ${question.id}, ${personId}, ${label ?? null})`.execute(trx)
    return settle(trx, question, rules)
  })
}

/** Takes a person's own answer back within a few minutes; a question that it had settled is open again. */
export async function undoBlind(
  db: Db,
  undo: { readonly questionId: string; readonly personId: string },
  rules: CorrectionRules,
): Promise<BlindOutcome> {
  return inTransaction(db, async (trx) => {
    const question = await blindQuestionById(trx, undo.questionId, { lock: true })
    if (question === undefined) return { kind: 'unknown-question' }
    const { rows } = await sql`
      update blind_labels set undone_at = now()
      where question_id = ${question.id} and person_id = ${undo.personId} and undone_at is null
        and at > now() - ${undoWithinMs} * interval '1 millisecond' returning 1`.execute(trx)
    return rows.length === 0 ? { kind: 'too-late' } : settle(trx, question, rules)
  })
}
