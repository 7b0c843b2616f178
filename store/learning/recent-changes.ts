import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Something of learning that stands otherwise than a moment ago: ids only, so that a page asks again. */
export interface LearningChange {
  readonly kind: 'rollout' | 'retrain' | 'label'
  readonly bot: string
  readonly id: string
  /** Another one means that it changed again. */
  readonly state: string
}

/** Rollouts, retrains and blind questions that changed within the last `withinMs`. */
export async function recentLearning(db: Db, withinMs: number): Promise<readonly LearningChange[]> {
  const since = sql`now() - ${withinMs} * interval '1 millisecond'`
  const { rows } = await sql<LearningChange>`
    select 'rollout' as kind, bot, bot || ':' || version as id, max(id)::text as state
    from rollout_events where at > ${since} group by bot, version
    union all
    select 'rollout', bot, bot || ':' || version, string_agg(id || ':' || state, ',' order by at, id)
    from decisions where at > ${since} group by bot, version
    union all
    select 'retrain', retrains.bot, retrains.bot || ':' || number,
           retrains.state || coalesce(dataset_root, '') || coalesce((select string_agg(
             slot || ':' || coalesce(progress ->> 'step', '') || ':' || coalesce(version::text, '') || (gates is not null), ',' order by slot)
             from retrain_slots slots where slots.bot = retrains.bot and slots.number = retrains.number), '')
    from retrains where retrains.state = 'running' or finished_at > ${since}
    union all
    select 'label', bot, bot, count(*) || ':' || max(greatest(asked_at, closed_at, (select max(greatest(at, undone_at))
             from blind_labels where question_id = blind_questions.id)))::text
    from blind_questions
    where asked_at > ${since} or closed_at > ${since}
       or exists (select 1 from blind_labels where question_id = blind_questions.id and greatest(at, undone_at) > ${since})
    group by bot`.execute(db)
  return rows
}
