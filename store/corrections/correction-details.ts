import { sql } from 'kysely'
import type { VoteWay } from '../../domain/inbound.ts'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'

/** A vote that stands, by our own id of the person. */
export interface ListedVote {
  readonly personId: string
  readonly label: string | null
  readonly reviewer: boolean
  readonly via: VoteWay
  /** ISO 8601. */
  readonly at: string
}

/** A dataset that a correction is in, with the versions that learned from it. */
export interface CorrectionDataset {
  readonly root: string
  readonly versions: readonly number[]
  readonly part: 'train' | 'correction-holdout'
}

/** What a page tells of a correction beside its state. */
export interface CorrectionDetail {
  readonly votesList: readonly ListedVote[]
  readonly datasets: readonly CorrectionDataset[]
  /** Of the prediction. */
  readonly confidence: number | null
}

interface Row {
  readonly message_id: string
  readonly position: number
  readonly confidence: number | null
  readonly votes: readonly (Omit<ListedVote, 'at'> & { readonly at: string })[]
  readonly datasets: readonly CorrectionDataset[]
}

/** The details of corrections, by prediction id. */
export async function correctionDetails(
  db: Db,
  refs: readonly PredictionRef[],
): Promise<ReadonlyMap<string, CorrectionDetail>> {
  if (refs.length === 0) return new Map()
  const wanted = JSON.stringify(refs.map(({ messageId, position }) => ({ id: messageId, position })))
  const { rows } = await sql<Row>`
    select wanted.id as message_id, wanted.position, choices.confidence,
      coalesce((select jsonb_agg(jsonb_build_object('personId', person_id, 'label', label, 'reviewer', reviewer, 'via', via,
          'at', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by created_at, id)
        from votes where votes.message_id = wanted.id and votes.position = wanted.position and verdict = 'counted'), '[]') as votes,
      coalesce((select jsonb_agg(jsonb_build_object('root', root, 'part', part, 'versions', coalesce(
          (select jsonb_agg(version order by version) from versions where dataset_root = root), '[]')) order by root)
        from dataset_corrections held where held.message_id = wanted.id and held.position = wanted.position), '[]') as datasets
    from jsonb_to_recordset(${wanted}::jsonb) as wanted (id uuid, position int)
    left join choices on choices.message_id = wanted.id and choices.position = wanted.position`.execute(db)
  return new Map(
    rows.map((row) => [
      predictionId({ messageId: row.message_id, position: row.position }),
      { votesList: row.votes, datasets: row.datasets, confidence: row.confidence },
    ]),
  )
}
