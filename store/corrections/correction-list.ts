import { type RawBuilder, sql } from 'kysely'
import type { CorrectionState } from '../../domain/correction.ts'
import type { Db } from '../db.ts'
import { all } from '../reports.ts'

/** One correction as lists show it. */
export interface CorrectionSummary {
  /** As in domain/prediction.ts. */
  readonly prediction: string
  readonly messageId: string
  readonly bot: string
  readonly state: CorrectionState
  readonly label: string | null
  readonly predicted: string | null
  readonly decidedBy: 'quorum' | 'reviewer' | null
  readonly openedAt: Date
  readonly decidedAt: Date | null
  /** Votes that stand. */
  readonly votes: number
}

export interface CorrectionFilter {
  readonly bot?: string | undefined
  /** Those of these bots only; of all bots when it is left out. */
  readonly bots?: readonly string[] | undefined
  readonly state?: CorrectionState | undefined
  readonly limit: number
}

const selectCorrections = (where: RawBuilder<unknown>, limit: number) => sql<CorrectionSummary>`
  select corrections.message_id || case when corrections.position = 0 then '' else '_' || corrections.position end as prediction,
    corrections.message_id as "messageId", corrections.bot, state, corrections.label, choices.label as predicted,
    decided_by as "decidedBy", opened_at as "openedAt", corrections.decided_at as "decidedAt",
    (select count(*)::int from votes where votes.message_id = corrections.message_id
       and votes.position = corrections.position and verdict = 'counted') as votes
  from corrections left join choices using (message_id, position)
  where ${where} order by opened_at desc, corrections.message_id, corrections.position limit ${limit}`

/** The newest corrections that fit. */
export async function correctionList(db: Db, filter: CorrectionFilter): Promise<readonly CorrectionSummary[]> {
  const where = all([
    filter.bot ? sql`corrections.bot = ${filter.bot}` : undefined,
    filter.bots && sql`corrections.bot = any(${filter.bots})`,
    filter.state && sql`state = ${filter.state}`,
  ])
  return (await selectCorrections(where, filter.limit).execute(db)).rows
}

/** Corrections that somebody opened, decided or voted on within the last `withinMs`. */
export async function recentCorrections(db: Db, withinMs: number): Promise<readonly CorrectionSummary[]> {
  const since = sql`now() - ${withinMs} * interval '1 millisecond'`
  const where = sql`opened_at > ${since} or corrections.decided_at > ${since} or exists (
    select 1 from votes where votes.message_id = corrections.message_id and votes.position = corrections.position
      and greatest(created_at, counted_at) > ${since})`
  return (await selectCorrections(where, 500).execute(db)).rows
}
