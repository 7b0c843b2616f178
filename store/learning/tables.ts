import type { ColumnType, Generated } from 'kysely'
import type { RetrainReason, RetrainState } from '../../domain/learning/status.ts'
import type { GateResult } from '../../domain/rollout/verdict.ts'

/* The rows of learning as PostgreSQL keeps them; see ../tables.ts. */

type Time = ColumnType<Date, Date | string | undefined, Date | string>
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>

/** File name to the SHA-256 of its blob. */
export type KeptFiles = Readonly<Record<string, string>>

export interface LearningTables {
  readonly example_inputs: {
    bot: string
    example: string
    picture_sha256: Nullable<string>
    text: Nullable<string>
  }
  readonly example_groups: {
    bot: string
    input_sha256: string
    group_key: string
    fingerprint: Nullable<string>
    held_out: boolean
    created_at: Time
  }
  readonly dataset_corrections: {
    root: string
    message_id: string
    position: number
    label: string
    part: 'train' | 'correction-holdout'
  }
  readonly left_out_corrections: {
    message_id: string
    position: number
    reason: string
    at: Time
  }
  readonly retrains: {
    bot: string
    number: number
    reason: RetrainReason
    state: Generated<RetrainState>
    outcome: Nullable<string>
    dataset_root: Nullable<string>
    started_at: Time
    finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    asked_by: Nullable<string>
  }
  readonly retrain_slots: {
    bot: string
    number: number
    slot: string
    parent: Nullable<number>
    dataset_files: ColumnType<KeptFiles, string, string>
    version_files: NullableJson<KeptFiles>
    gates: NullableJson<readonly GateResult[]>
    judged: NullableJson<unknown>
    version: Nullable<number>
    progress: NullableJson<unknown>
  }
}
