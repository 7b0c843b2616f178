import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** How many of something one bot has in one state. */
export interface CountedState {
  readonly bot: string
  readonly state: string
  readonly count: number
}

export interface ServingWeight {
  readonly bot: string
  readonly slot: string
  readonly version: number
  readonly stage: string
  /** The share of people or threads, from 0 to 1; a shadow answers nobody. */
  readonly weight: number
}

/** How learning stands in all bots. */
export interface LearningCounts {
  readonly corrections: readonly CountedState[]
  readonly retrains: readonly CountedState[]
  /** By stage; those that are over by how they ended. */
  readonly rollouts: readonly CountedState[]
  /** What people are asked to label blind: `open`, or `closed`. */
  readonly questions: readonly CountedState[]
  readonly serving: readonly ServingWeight[]
}

/** Counts what there is, for whoever watches the numbers over time. */
export async function learningCounts(db: Db): Promise<LearningCounts> {
  const { rows } = await sql<CountedState & { readonly noun: 'corrections' | 'retrains' | 'rollouts' | 'questions' }>`
    select 'corrections' as noun, bot, state, count(*)::int as count from corrections group by bot, state
    union all select 'retrains', bot, state, count(*)::int from retrains group by bot, state
    union all select 'rollouts', bot, coalesce(ended_as, stage), count(*)::int from rollouts group by 2, 3
    union all select 'questions', bot, case when closed_at is null then 'open' else 'closed' end, count(*)::int
      from blind_questions group by 2, 3`.execute(db)
  const serving = await sql<ServingWeight>`
    select bot, member ->> 'slot' as slot, (member ->> 'version')::int as version, member ->> 'stage' as stage,
           (member ->> 'weight')::float8 as weight
    from serving_sets cross join jsonb_array_elements(members) as member`.execute(db)
  const counted = (noun: (typeof rows)[number]['noun']): readonly CountedState[] =>
    rows.filter((row) => row.noun === noun).map(({ bot, state, count }) => ({ bot, state, count }))
  return {
    corrections: counted('corrections'),
    retrains: counted('retrains'),
    rollouts: counted('rollouts'),
    questions: counted('questions'),
    serving: serving.rows,
  }
}
