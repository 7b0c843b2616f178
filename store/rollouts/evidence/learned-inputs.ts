import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import { sql } from 'kysely'

/** Inputs of the corrections in a version's dataset: what it has learned by heart, or was let through by, proves nothing of it. */
export const learnedInputs = ({ bot, version }: RolloutKey) => sql`
  select scores.input_sha256
  from versions
  join dataset_corrections learned on learned.root = versions.dataset_root
  join scores on scores.message_id = learned.message_id and scores.position = learned.position
  where versions.bot = ${bot} and versions.version = ${version}`
