import { sql } from 'kysely'
import { stillAsked } from './questions.ts'
import type { Db } from '../db.ts'

/** A blind question as the labelling page shows it. It does not say what any version answered. */
export interface OpenQuestion {
  readonly id: string
  readonly bot: string
  readonly messageId: string
  readonly position: number
  /** The rollout whose disagreement it is. */
  readonly version: number | null
  readonly reason: 'disagreement' | 'random'
  /** Label ids in the order in which they are offered. */
  readonly labels: readonly string[]
  readonly askedAt: Date
}

/** Open questions of these bots that the person has not answered, disagreements first and the oldest of them first. */
export async function openQuestionsFor(
  db: Db,
  asked: { readonly bots: readonly string[]; readonly personId: string; readonly limit: number },
): Promise<readonly OpenQuestion[]> {
  const { rows } = await sql<OpenQuestion>`
    select id, bot, message_id as "messageId", position, version, reason, labels, asked_at as "askedAt"
    from blind_questions
    where bot = any(${[...asked.bots]}::text[]) and ${stillAsked}
      and not exists (select 1 from blind_labels where question_id = blind_questions.id
                      and person_id = ${asked.personId} and undone_at is null)
    order by reason, asked_at, id limit ${asked.limit}`.execute(db)
  return rows
}

/** How far the labelling is. */
export interface LabellingProgress {
  readonly open: number
  /** Questions that were settled with a label since midnight UTC. */
  readonly labelledToday: number
  /** The person's own standing answers since then. */
  readonly byMe: number
}

/** How far the labelling of these bots is, for one person. */
export async function labellingProgress(
  db: Db,
  { bots, personId }: { readonly bots: readonly string[]; readonly personId: string },
): Promise<LabellingProgress> {
  const names = [...bots]
  const midnight = sql`date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'`
  const { rows } = await sql<LabellingProgress>`
    select count(*) filter (where ${stillAsked})::int as open,
           count(*) filter (where label is not null and closed_at >= ${midnight})::int as "labelledToday",
           (select count(*)::int from blind_labels join blind_questions asked on asked.id = question_id
            where asked.bot = any(${names}::text[]) and person_id = ${personId} and undone_at is null
              and at >= ${midnight}) as "byMe"
    from blind_questions where bot = any(${names}::text[])`.execute(db)
  return rows[0] ?? { open: 0, labelledToday: 0, byMe: 0 }
}
