import { sql } from 'kysely'
import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import { predictionId } from '../../../domain/prediction.ts'
import type { Db } from '../../db.ts'

/*
 * Who a version learned from for the first time: the people whose votes agreed with a correction that is in its dataset, and
 * not with the same label in its parent's. A vote that its person has changed since was learned from all the same. Blind labels
 * make nobody a contributor.
 */

const additions = ({ bot, version }: RolloutKey) => sql`
  select added.message_id, added.position, added.label
  from versions
  join dataset_corrections added on added.root = versions.dataset_root
  left join versions parent on parent.bot = versions.bot and parent.version = versions.parent
  where versions.bot = ${bot} and versions.version = ${version} and not exists (
    select 1 from dataset_corrections known where known.root = parent.dataset_root
      and known.message_id = added.message_id and known.position = added.position
      and known.label = added.label)`

const agreeing = (key: RolloutKey) => sql`
  select votes.person_id, votes.reviewer, votes.message_id, votes.position, votes.verdict
  from votes join (${additions(key)}) added on added.message_id = votes.message_id
    and added.position = votes.position and added.label = votes.label
  where votes.verdict in ('counted', 'superseded')`

/** How many of a version's new corrections each of the people behind them has, by our ids of people. */
export async function contributorsOf(db: Db, key: RolloutKey): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ person_id: string; corrections: number }>`
    select person_id, count(distinct (message_id, position))::int as corrections
    from (${agreeing(key)}) agreeing group by person_id`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row.corrections]))
}

/** The card and its page name so many. */
const mostNamed = 100

/** The predictions that a version's new corrections are about, the newest hundred. */
export async function newPredictionsOf(db: Db, key: RolloutKey): Promise<readonly string[]> {
  const { rows } = await sql<{ messageId: string; position: number }>`
    select added.message_id as "messageId", added.position
    from (${additions(key)}) added join messages on messages.id = added.message_id
    order by messages.received_at desc, added.message_id, added.position limit ${mostNamed}`.execute(db)
  return rows.map(predictionId)
}

export interface Contributions {
  /** New corrections of the version. */
  readonly corrections: number
  readonly people: number
  /** The share of the new corrections that the person with most agrees with. */
  readonly largestShare: number
  /** New corrections that people contradicted each other about. */
  readonly conflicts: number
  /** New corrections that no reviewer stands behind. */
  readonly untrusted: number
}

/** How many people a version learned from, in figures. */
export async function contributionsTo(db: Db, key: RolloutKey): Promise<Contributions> {
  const { rows } = await sql<Contributions>`
    with added as (${additions(key)}), agreeing as (${agreeing(key)}),
         per_person as (select count(distinct (message_id, position)) as corrections from agreeing group by person_id)
    select (select count(*)::int from added) as corrections,
           (select count(*)::int from per_person) as people,
           coalesce((select max(corrections) from per_person)::float8 / nullif((select count(*) from added), 0), 0) as "largestShare",
           (select count(*)::int from added where exists (
              select 1 from votes where votes.message_id = added.message_id and votes.position = added.position
                and votes.verdict = 'counted' and votes.label <> added.label)) as conflicts,
           (select count(*)::int from added where not exists (
              select 1 from agreeing where agreeing.message_id = added.message_id and agreeing.position = added.position
                and agreeing.reviewer and agreeing.verdict = 'counted')) as untrusted`.execute(db)
  return rows[0] ?? { corrections: 0, people: 0, largestShare: 0, conflicts: 0, untrusted: 0 }
}
