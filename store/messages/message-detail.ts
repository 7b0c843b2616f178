import { sql } from 'kysely'
import type { Candidate } from '../../domain/rendezvous/score.ts'
import type { ReplyAddress } from '../../domain/address.ts'
import type { CorrectionState, VoteVerdict } from '../../domain/correction.ts'
import type { VoteWay } from '../../domain/inbound.ts'
import type { Db } from '../db.ts'
import type { ReplyKind, ReplyState } from '../tables.ts'

/* Times are ISO 8601, as PostgreSQL writes them into JSON. */

export interface ScoreDetail {
  readonly slot: string
  readonly version: number
  readonly stage: string
  readonly label: string | null
  readonly confidence: number | null
  readonly known: boolean | null
  readonly probabilities: Readonly<Record<string, number>> | null
  readonly evalMs: number | null
  readonly attempts: number
  readonly error: string | null
  readonly scoredAt: string | null
}

export interface ChoiceDetail {
  readonly policy: string
  readonly slot: string
  readonly version: number
  readonly label: string
  readonly confidence: number
  readonly known: boolean
  readonly unsure: boolean
  readonly reason: string
  readonly deadlineHit: boolean
  readonly candidates: readonly Candidate[]
  readonly decidedAt: string
}

export interface VoteDetail {
  readonly label: string | null
  readonly via: VoteWay
  readonly reviewer: boolean
  readonly verdict: VoteVerdict | null
  readonly at: string
  /** Our own id of the person. */
  readonly person: string
}

export interface CorrectionDetail {
  readonly state: CorrectionState
  readonly label: string | null
  readonly decidedBy: 'quorum' | 'reviewer' | null
  readonly votes: readonly VoteDetail[]
}

/** One picture, or the text, of a message. */
export interface InputDetail {
  readonly position: number
  /** As in domain/prediction.ts. */
  readonly prediction: string
  readonly picture: { readonly sha256: string; readonly width: number; readonly height: number } | null
  readonly scores: readonly ScoreDetail[]
  readonly choice: ChoiceDetail | null
  readonly correction: CorrectionDetail | null
}

export interface ReplyDetail {
  readonly kind: ReplyKind
  readonly state: ReplyState
  readonly text: string
  readonly attempts: number
  readonly adopted: boolean
  readonly failure: string | null
  readonly createdAt: string
  readonly sentAt: string | null
  readonly platformId: string | null
}

/** Everything about one message. */
export interface MessageDetail {
  readonly text: string
  readonly address: ReplyAddress
  readonly inputs: readonly InputDetail[]
  readonly replies: readonly ReplyDetail[]
}

/** What a message's row cannot say itself; the tables are correlated by `message_id` and `position`. */
const inputs = sql`
  select coalesce(jsonb_agg(jsonb_build_object(
    'position', position,
    'prediction', id || case when position = 0 then '' else '_' || position end,
    'picture', (select jsonb_build_object('sha256', media.sha256, 'width', width, 'height', height)
      from message_media join media using (sha256) where message_id = id and message_media.position = places.position),
    'scores', (select coalesce(jsonb_agg(jsonb_build_object('slot', slot, 'version', version, 'stage', stage,
        'label', label, 'confidence', confidence, 'known', known, 'probabilities', probabilities, 'evalMs', eval_ms,
        'attempts', attempts, 'error', error, 'scoredAt', scored_at) order by slot, version), '[]')
      from scores where message_id = id and scores.position = places.position),
    'choice', (select jsonb_build_object('policy', policy, 'slot', slot, 'version', version, 'label', label,
        'confidence', confidence, 'known', known, 'unsure', unsure, 'reason', reason, 'deadlineHit', deadline_hit,
        'candidates', candidates, 'decidedAt', decided_at)
      from choices where message_id = id and choices.position = places.position),
    'correction', (select jsonb_build_object('state', state, 'label', label, 'decidedBy', decided_by, 'votes', (
        select coalesce(jsonb_agg(jsonb_build_object('label', votes.label, 'via', via, 'reviewer', reviewer,
            'verdict', verdict, 'at', created_at, 'person', person_id) order by created_at, votes.id), '[]')
        from votes where message_id = messages.id and votes.position = places.position))
      from corrections where message_id = messages.id and corrections.position = places.position)
  ) order by position), '[]')
  from (select position from scores where message_id = id
        union select position from message_media where message_id = id
        union select position from choices where message_id = id) as places`

const replies = sql`
  select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'state', state, 'text', replies.text, 'attempts', attempts,
    'adopted', adopted, 'failure', failure, 'createdAt', created_at, 'sentAt', replies.sent_at,
    'platformId', platform_id) order by created_at, key), '[]')
  from replies where message_id = messages.id`

/** The scores, choices and votes of each picture or text of a message, and its replies. */
export async function messageDetail(db: Db, id: string): Promise<MessageDetail | undefined> {
  const { rows } = await sql<MessageDetail>`
    select text, address, (${inputs}) as inputs, (${replies}) as replies
    from messages where id = ${id}`.execute(db)
  return rows[0]
}
