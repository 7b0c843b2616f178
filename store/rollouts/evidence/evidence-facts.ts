import { sql } from 'kysely'
import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import type { Holdout } from '../../../domain/rollout/evidence.ts'
import type { GateResult } from '../../../domain/rollout/verdict.ts'
import type { Db } from '../../db.ts'

/** What the records of a version's making tell an approver. */
export interface EvidenceFacts {
  readonly parent: number | null
  readonly datasetRoot: string
  readonly datasetSize: number
  readonly weightsSha256: string
  readonly lineage: {
    readonly retrain?: string | number
    readonly reason?: string
    readonly author?: string | null
    readonly seed?: number
    readonly trainerVersion?: string
    readonly codeFingerprint?: string
  }
  readonly gates: readonly GateResult[]
  /** As the gates saw it; absent when they compared it with another version than the rollout does. */
  readonly holdout: Holdout | undefined
}

interface Row {
  readonly parent: number | null
  readonly dataset_root: string
  readonly size: number
  readonly weights_sha256: string
  readonly lineage: EvidenceFacts['lineage']
  readonly gates: readonly GateResult[] | null
  readonly judged: { readonly champion?: number; readonly holdout?: Holdout } | null
}

/** @throws Error when the version is not registered. */
export async function evidenceFacts(
  db: Db,
  { bot, version, champion }: RolloutKey & { readonly champion?: number },
): Promise<EvidenceFacts> {
  const { rows } = await sql<Row>`
    select versions.parent, dataset_root, size, weights_sha256, lineage, made.gates, made.judged
    from versions join datasets on datasets.root = dataset_root
    left join retrain_slots made on made.bot = versions.bot and made.version = versions.version
    where versions.bot = ${bot} and versions.version = ${version}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('evidence needs a registered version')
  return {
    parent: row.parent,
    datasetRoot: row.dataset_root,
    datasetSize: row.size,
    weightsSha256: row.weights_sha256,
    lineage: row.lineage,
    gates: row.gates ?? [],
    holdout: row.judged !== null && row.judged.champion === champion ? row.judged.holdout : undefined,
  }
}
