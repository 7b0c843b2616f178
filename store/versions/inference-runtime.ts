import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** How TensorFlow runs where scores are made: `native`, or a fallback and why. */
export interface InferenceRuntime {
  readonly backend: string
  readonly why: string
}

/** Said by an inference worker when it starts; the latest one is what counts. */
export async function recordInferenceRuntime(db: Db, runtime: InferenceRuntime): Promise<void> {
  await sql`
    insert into inference_runtime (backend, why) values (${runtime.backend}, ${runtime.why})
    on conflict (only_row) do update set backend = excluded.backend, why = excluded.why, since = now()`.execute(db)
}

/** What the latest inference worker said, or `undefined` before the first one. */
export async function inferenceRuntime(db: Db): Promise<InferenceRuntime | undefined> {
  const { rows } = await sql<InferenceRuntime>`select backend, why from inference_runtime`.execute(db)
  return rows[0]
}
