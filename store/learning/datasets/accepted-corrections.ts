import { sql } from 'kysely'
import type { HeldCorrections } from '../../../domain/learning/changes.ts'
import { predictionId, type PredictionRef } from '../../../domain/prediction.ts'
import type { Db } from '../../db.ts'

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
 * not of load tests, and not what no dataset takes.
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
      and not exists (select 1 from left_out_corrections held where held.message_id = corrections.message_id
                      and held.position = corrections.position)
    order by corrections.decided_at, corrections.message_id, corrections.position`.execute(db)
  return rows.flatMap(({ message_id: messageId, position, label, input_sha256: inputSha256, people, reviewer }) => {
    const [person] = people
    if (person === undefined) return []
    const ref = { messageId, position }
    return [{ ...ref, id: predictionId(ref), label, inputSha256, person, people, reviewer }]
  })
}

/** Which corrections a dataset holds, and with which label. */
export async function correctionsIn(db: Db, root: string): Promise<HeldCorrections> {
  const rows = await db
    .selectFrom('dataset_corrections')
    .select(['message_id', 'position', 'label'])
    .where('root', '=', root)
    .execute()
  return new Map(rows.map((row) => [predictionId({ messageId: row.message_id, position: row.position }), row.label]))
}

/** The datasets of what is live: of each slot that of its newest live version. */
export async function liveDatasets(db: Db, bot: string): Promise<readonly string[]> {
  const { rows } = await sql<{ root: string }>`
    select distinct root from (
      select distinct on (slot) dataset_root as root
      from serving_sets, jsonb_array_elements(members) as member
      join versions on versions.bot = ${bot} and version = (member ->> 'version')::integer
      where serving_sets.bot = ${bot} and member ->> 'stage' = 'live'
      order by slot, version desc
    ) newest order by root`.execute(db)
  return rows.map(({ root }) => root)
}

/**
 * Accepted corrections that a trained version has seen as they are: those in the dataset of what is live, and those of a retrain
 * whose version was registered or stopped by its gates after they were settled. The second kind asks for nothing by itself,
 * because the same dataset would most likely end the same way; a person may ask for it.
 * @returns their prediction ids.
 */
export async function learnedCorrections(db: Db, bot: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ message_id: string; position: number }>`
    select distinct message_id, position
    from dataset_corrections held join corrections using (message_id, position, label)
    where corrections.bot = ${bot} and (held.root = any(${[...(await liveDatasets(db, bot))]}::text[]) or exists (
      select 1 from retrains join retrain_slots slots using (bot, number)
      where bot = ${bot} and retrains.dataset_root = held.root and retrains.finished_at > corrections.decided_at
        and (slots.version is not null or slots.gates @> '[{"verdict": "fail"}]')))`.execute(db)
  return new Set(rows.map((row) => predictionId({ messageId: row.message_id, position: row.position })))
}
