import { sql } from 'kysely'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'

/** A correction that may be learned from. */
export interface AcceptedCorrection extends PredictionRef {
  /** As in domain/prediction.ts. */
  readonly id: string
  readonly label: string
  /** SHA-256 of the normalised input that the models saw. */
  readonly inputSha256: string
  /** Who said it first, by our own id. */
  readonly person: string
  /** Everybody whose standing vote agrees with it. */
  readonly people: readonly string[]
  /** A reviewer decided it. */
  readonly reviewer: boolean
}

interface Row {
  readonly message_id: string
  readonly position: number
  readonly label: string
  readonly input_sha256: string
  readonly people: readonly string[]
  readonly reviewer: boolean
}

/**
 * What people settled on and agreed to be learned from, in the order in which it was decided: not of messages that are gone,
 * and not of load tests.
 */
export async function acceptedCorrections(db: Db, bot: string): Promise<readonly AcceptedCorrection[]> {
  const { rows } = await sql<Row>`
    select corrections.message_id, corrections.position, corrections.label, seen.input_sha256,
           corrections.decided_by = 'reviewer' as reviewer,
           array(select person_id from votes
                 where votes.message_id = corrections.message_id and votes.position = corrections.position
                   and votes.verdict = 'counted' and votes.label = corrections.label
                 order by created_at, id) as people
    from corrections join messages on messages.id = corrections.message_id
    join lateral (
      select input_sha256 from scores
      where scores.message_id = corrections.message_id and scores.position = corrections.position
      order by started_at limit 1
    ) seen on true
    where corrections.bot = ${bot} and state = 'accepted' and provenance ->> 'consent' = 'granted'
      and messages.deleted_at is null and not messages.synthetic
    order by corrections.decided_at, corrections.message_id, corrections.position`.execute(db)
  return rows.flatMap(({ message_id: messageId, position, label, input_sha256: inputSha256, people, reviewer }) => {
    const [person] = people
    if (person === undefined) return []
    const ref = { messageId, position }
    return [{ ...ref, id: predictionId(ref), label, inputSha256, person, people, reviewer }]
  })
}

/** Which corrections a dataset holds, by prediction id. */
export async function correctionsIn(db: Db, root: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('dataset_corrections')
    .select(['message_id', 'position'])
    .where('root', '=', root)
    .execute()
  return new Set(rows.map((row) => predictionId({ messageId: row.message_id, position: row.position })))
}

/**
 * Corrections that a trained version has seen: those in a dataset of the live champion's line, and those of a retrain whose
 * version was registered or stopped by its gates. The second kind is not counted again, because the same dataset would give the
 * same version.
 */
export async function learnedCorrections(db: Db, bot: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ message_id: string; position: number }>`
    with recursive champion as (
      select versions.bot, version, parent, dataset_root
      from serving_sets, jsonb_array_elements(members) with ordinality as each (member, place)
      join versions on version = (member ->> 'version')::integer
      where serving_sets.bot = ${bot} and versions.bot = ${bot} and member ->> 'stage' = 'live'
      order by place limit 1
    ), line as (
      select * from champion
      union all
      select versions.bot, versions.version, versions.parent, versions.dataset_root
      from versions join line on versions.bot = line.bot and versions.version = line.parent
    ), roots as (
      select dataset_root as root from line
      union select dataset_root from retrains
      where bot = ${bot} and state <> 'running' and exists (
        select 1 from retrain_slots slots
        where slots.bot = retrains.bot and slots.number = retrains.number
          and (slots.version is not null or slots.gates @> '[{"verdict": "fail"}]'))
    )
    select distinct message_id, position from dataset_corrections join roots using (root)`.execute(db)
  return new Set(rows.map((row) => predictionId({ messageId: row.message_id, position: row.position })))
}
