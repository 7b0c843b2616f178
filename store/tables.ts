import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Candidate } from '../domain/rendezvous/score.ts'
import type { ReplyAddress } from '../domain/address.ts'
import type { ChannelName } from '../domain/label.ts'
import type { CorrectionState, VoteVerdict } from '../domain/correction.ts'
import type { InboundRequest, Intent, PictureRef, Subject, VoteWay } from '../domain/inbound.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Role } from '../domain/people.ts'
import type { RefusalCode } from '../domain/refusals.ts'
import type { Member, SelectionPolicy, Stage } from '../domain/serving-set.ts'
import type { LearningTables } from './learning/tables.ts'

/*
 * The rows as PostgreSQL keeps them. Domain types are made of these by the functions of the noun's own file, and nowhere
 * else. JSON columns are written as text, read as values.
 */

type Time = ColumnType<Date, Date | string | undefined, Date | string>
type NullableTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type Json<T> = ColumnType<T, string, string>

export type ReplyKind =
  'choice' | 'refusal' | 'apology' | 'question' | 'receipt' | 'notice' | 'prompt' | 'card' | 'news'
export type ReplyState = 'intended' | 'sending' | 'sent' | 'undeliverable' | 'unconfirmed'

export interface Tables extends OperatorTables, CorrectionTables, LearningTables {
  readonly inbound_events: {
    id: Generated<number>
    transport_key: string
    business_key: string | null
    bot: string
    channel: ChannelName
    event_type: string
    ignored_because: string | null
    request: ColumnType<InboundRequest | null, string | null, never>
    received_at: Time
    paused: Generated<boolean>
    claimed_until: NullableTime
    started_at: NullableTime
    attempts: Generated<number>
    next_attempt_at: NullableTime
    failing_with: string | null
    failed_alike: Generated<number>
    parked_at: NullableTime
  }
  readonly people: {
    id: Generated<string>
    channel: ChannelName
    workspace: string
    platform_user_id: string
    created_at: Time
  }
  readonly messages: {
    id: string
    bot: string
    channel: ChannelName
    business_key: string
    workflow_id: string
    person_id: string
    address: Json<ReplyAddress>
    text: string
    pictures: Json<readonly PictureRef[]>
    sent_at: Time
    received_at: Time
    outcome: ColumnType<Outcome | null, Outcome | null | undefined, Outcome>
    outcome_reason: ColumnType<string | null, string | null | undefined, string | null>
    finished_at: NullableTime
    intent: Generated<Intent | 'none'>
    subject: ColumnType<Subject | null, string | null | undefined, string | null>
    refusal: ColumnType<RefusalCode | null, RefusalCode | null | undefined, RefusalCode | null>
    answer_within_ms: ColumnType<number | null, number | null | undefined, number | null>
    synthetic: Generated<boolean>
    deleted_at: NullableTime
  }
  readonly media: {
    sha256: string
    format: string
    bytes: number
    width: number
    height: number
    created_at: Time
  }
  readonly normalised_media: { source_sha256: string; preprocessing_version: string; sha256: string }
  readonly message_media: { message_id: string; position: number; sha256: string }
  readonly moderations: {
    sha256: string
    verdict: 'shown' | 'withheld'
    scores: Json<Readonly<Record<string, number>>>
    model: string
    judged_at: Time
  }
  readonly scores: {
    message_id: string
    position: Generated<number>
    slot: string
    version: number
    stage: Stage
    input_sha256: string
    label: string | null
    confidence: number | null
    known: boolean | null
    probabilities: ColumnType<Readonly<Record<string, number>> | null, string | null, string | null>
    eval_ms: number | null
    attempts: Generated<number>
    error: string | null
    started_at: Time
    scored_at: NullableTime
  }
  readonly choices: {
    message_id: string
    position: Generated<number>
    policy: SelectionPolicy
    slot: string
    version: number
    label: string
    confidence: number
    known: boolean
    reason: string
    deadline_hit: boolean
    candidates: Json<readonly Candidate[]>
    probabilities: ColumnType<Readonly<Record<string, number>> | null, string | null | undefined, string | null>
    unsure: Generated<boolean>
    decided_at: Time
  }
  readonly replies: {
    key: string
    message_id: string | null
    kind: ReplyKind
    text: string
    state: Generated<ReplyState>
    attempts: Generated<number>
    sending_at: NullableTime
    platform_id: string | null
    adopted: Generated<boolean>
    failure: string | null
    created_at: Time
    sent_at: NullableTime
  }
  readonly datasets: {
    root: string
    bot: string
    family: string
    files: Json<Readonly<Record<string, string>>>
    size: number
    label_counts: JSONColumnType<Readonly<Record<string, number>>>
    parent: ColumnType<string | null, string | null | undefined, string | null>
    created_at: Time
  }
  readonly versions: {
    bot: string
    version: number
    slot: string
    family: string
    parent: number | null
    dataset_root: string
    weights_sha256: string
    files: Json<Readonly<Record<string, string>>>
    labels: Json<readonly string[]>
    preprocessing_version: string
    calibrated: Generated<boolean>
    lineage: ColumnType<Readonly<Record<string, unknown>>, string | undefined, string>
    created_at: Time
  }
  readonly serving_sets: {
    bot: string
    policy: SelectionPolicy
    members: Json<readonly Member[]>
    revision: Generated<number>
    updated_at: Time
  }
  readonly audit: {
    seq: number
    at: ColumnType<Date, Date, never>
    actor: string
    action: string
    subject: string
    details: ColumnType<Readonly<Record<string, unknown>>, string, never>
    previous_hash: string
    hash: string
  }
}

/** People, their roles and sessions, pauses, alerts. */
interface OperatorTables {
  readonly roles: { person_id: string; bot: string; role: Role; granted_by: string; granted_at: Time }
  readonly sign_in_links: { token_sha256: string; person_id: string; expires_at: Time; used_at: NullableTime }
  readonly sessions: { token_sha256: string; person_id: string; created_at: Time; expires_at: Time }
  readonly opt_outs: { bot: string; person_id: string; opted_out: boolean; message_id: string; wished_at: Time }
  readonly pauses: { bot: string; since: Time; actor: string }
  readonly added_labels: { bot: string; id: string; words: string; added_by: string; added_at: Time }
  readonly alerts: { cause: string; since: Time; told_at: NullableTime; detail: string }
}

/** Corrections, and the people who are matched. */
interface CorrectionTables {
  readonly corrections: {
    message_id: string
    position: Generated<number>
    bot: string
    state: Generated<CorrectionState>
    label: ColumnType<string | null, string | null | undefined, string | null>
    decided_by: ColumnType<
      'quorum' | 'reviewer' | null,
      'quorum' | 'reviewer' | null | undefined,
      'quorum' | 'reviewer' | null
    >
    provenance: ColumnType<Readonly<Record<string, unknown>>, string | undefined, string>
    revision: Generated<number>
    opened_at: Time
    decided_at: NullableTime
  }
  readonly votes: {
    id: string
    business_key: string
    message_id: string
    position: number
    bot: string
    person_id: string
    label: string | null
    via: VoteWay
    address: ColumnType<ReplyAddress | null, string | null, string | null>
    verdict: ColumnType<VoteVerdict | null, VoteVerdict | null | undefined, VoteVerdict | null>
    reviewer: Generated<boolean>
    created_at: Time
    counted_at: NullableTime
  }
  readonly questions: {
    message_id: string
    position: number
    bot: string
    reason: 'unsure' | 'random' | 'conflict'
    channel_id: string
    platform_id: ColumnType<string | null, string | null | undefined, string | null>
    asked_at: Time
    closed_at: NullableTime
  }
  readonly profiles: {
    id: string
    bot: string
    person_id: string | null
    name: string | null
    label: string | null
    confidence: number | null
    picture_sha256: string | null
    address: ColumnType<ReplyAddress | null, string | null, string | null>
    starter: Generated<boolean>
    created_at: Time
    removed_at: NullableTime
  }
  readonly meetings: { profile_id: string; partner_id: string; met_at: Time }
}
