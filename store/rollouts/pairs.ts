import { sql } from 'kysely'
import { predictionId } from '../../domain/prediction.ts'
import type { Compared } from '../../domain/rollout/evidence.ts'
import type { Pairs } from '../../domain/rollout/verdict.ts'
import type { Db } from '../db.ts'
import type { RolloutKey } from './rollouts.ts'

/** The disagreements of a version and its champion on live requests that people have labelled without knowing who said what. */
export async function labelledDisagreements(
  db: Db,
  { bot, version, champion }: RolloutKey & { readonly champion: number },
): Promise<readonly (Compared & { readonly truth: string })[]> {
  const { rows } = await sql<{
    message_id: string
    position: number
    challenger: string
    champion: string
    truth: string
  }>`
    select questions.message_id, questions.position, own.label as challenger, other.label as champion, questions.label as truth
    from blind_questions questions
    join scores own on own.message_id = questions.message_id and own.position = questions.position and own.version = ${version}
    join scores other on other.message_id = questions.message_id and other.position = questions.position
      and other.version = ${champion}
    where questions.bot = ${bot} and questions.label is not null and own.label <> other.label
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
