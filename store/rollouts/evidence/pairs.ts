import { sql } from 'kysely'
import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import { predictionId } from '../../../domain/prediction.ts'
import type { Compared } from '../../../domain/rollout/evidence.ts'
import type { Pairs } from '../../../domain/rollout/verdict.ts'
import type { Db } from '../../db.ts'

/**
 * What a version and its champion said to one live request with the input of a blind question, whichever rollout asked it: the
 * request that was asked about, else the first one. Each question counts once, however often its input came.
 */
const saidTo = ({ bot, version, champion }: RolloutKey & { readonly champion: number }) => sql`
  select own.message_id, own.position, own.label as challenger, other.label as champion
  from scores own
  join scores other on other.message_id = own.message_id and other.position = own.position and other.version = ${champion}
  join messages on messages.id = own.message_id and messages.bot = ${bot}
    and messages.intent in ('ask', 'ask-all') and not messages.synthetic
  where own.version = ${version} and own.label is not null and other.label is not null
    and (own.input_sha256 = questions.input_sha256
         or (own.message_id = questions.message_id and own.position = questions.position))
  order by (own.message_id = questions.message_id) desc, own.scored_at, own.message_id, own.position limit 1`

/**
 * The disagreements of a version and its champion on live requests whose inputs people have labelled without knowing who said
 * what, for this version or for one before it.
 */
export async function labelledDisagreements(
  db: Db,
  key: RolloutKey & { readonly champion: number },
): Promise<readonly (Compared & { readonly truth: string })[]> {
  const { rows } = await sql<{
    message_id: string
    position: number
    challenger: string
    champion: string
    truth: string
  }>`
    select said.message_id, said.position, said.challenger, said.champion, questions.label as truth
    from blind_questions questions cross join lateral (${saidTo(key)}) said
    where questions.bot = ${key.bot} and questions.label is not null and said.challenger <> said.champion
      and not exists (select from (${learnedInputs(key)}) learned where learned.input_sha256 = questions.input_sha256)
    order by questions.closed_at desc nulls last, questions.id`.execute(db)
  return rows.map(({ message_id, position, ...said }) => ({
    prediction: predictionId({ messageId: message_id, position }),
    ...said,
  }))
}

/** Who was right how often. */
export const pairsOf = (disagreements: readonly (Compared & { readonly truth: string })[]): Pairs => {
  const wins = disagreements.filter(({ challenger, truth }) => challenger === truth).length
  const losses = disagreements.filter(({ champion, truth }) => champion === truth).length
  return { wins, losses, neither: disagreements.length - wins - losses }
}

/** Inputs of the corrections in a version's dataset: what it has learned by heart, or was let through by, proves nothing of it. */
export const learnedInputs = ({ bot, version }: RolloutKey) => sql`
  select scores.input_sha256
  from versions
  join dataset_corrections learned on learned.root = versions.dataset_root
  join scores on scores.message_id = learned.message_id and scores.position = learned.position
  where versions.bot = ${bot} and versions.version = ${version}`
