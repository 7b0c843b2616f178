import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { ChannelName, ModelFamily } from '../domain/bot.ts'
import type { InboundMessage, PictureRef, ReplyAddress } from '../domain/inbound.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Candidate, SelectionPolicy } from '../domain/rendezvous.ts'
import type { Member, Stage } from '../domain/serving-set.ts'

/*
 * The rows as PostgreSQL keeps them. Domain types are made of these by the functions of the noun's own file, and nowhere
 * else. JSON columns are written as text, read as values.
 */

type Time = ColumnType<Date, Date | string | undefined, Date | string>
type NullableTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type Json<T> = ColumnType<T, string, string>

export interface Tables {
  readonly inbound_events: {
    id: Generated<number>
    transport_key: string
    business_key: string | null
    bot: string
    channel: ChannelName
    event_type: string
    ignored_because: string | null
    message: ColumnType<InboundMessage | null, string | null, never>
    received_at: Time
    claimed_until: NullableTime
    started_at: NullableTime
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
  readonly scores: {
    message_id: string
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
    policy: SelectionPolicy
    slot: string
    version: number
    label: string
    confidence: number
    known: boolean
    reason: string
    deadline_hit: boolean
    candidates: Json<readonly Candidate[]>
    decided_at: Time
  }
  readonly replies: {
    key: string
    message_id: string
    kind: 'choice' | 'refusal' | 'apology'
    text: string
    state: Generated<'intended' | 'sending' | 'sent' | 'undeliverable'>
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
    family: ModelFamily
    examples_sha256: string
    embeddings_sha256: string
    size: number
    label_counts: JSONColumnType<Readonly<Record<string, number>>>
    created_at: Time
  }
  readonly versions: {
    bot: string
    version: number
    slot: string
    family: ModelFamily
    parent: number | null
    dataset_root: string
    weights_sha256: string
    files: Json<Readonly<Record<string, string>>>
    labels: Json<readonly string[]>
    preprocessing_version: string
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
