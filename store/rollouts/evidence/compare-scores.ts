import { sql } from 'kysely'
import { predictionId } from '../../../domain/prediction.ts'
import type { Compared } from '../../../domain/rollout/evidence.ts'
import type { Db } from '../../db.ts'

/** What two versions said to the same requests. */
export interface ComparedScores {
  /** Requests that both have answered, and how often they said the same. */
  readonly compared: number
  readonly agreed: number
  readonly fixedCount: number
  readonly brokeCount: number
  /** The newest of them. */
  readonly fixed: readonly Compared[]
  readonly broke: readonly Compared[]
}

interface Row {
  readonly message_id: string
  readonly position: number
  readonly champion: string
  readonly challenger: string
  readonly truth: string
}

interface Pair {
  readonly bot: string
  readonly version: number
  readonly other: number
}

const scored = ({ bot, version, other }: Pair) => sql`
  from scores own join scores other on other.message_id = own.message_id and other.position = own.position
    and other.version = ${other} and other.label is not null
  join messages on messages.id = own.message_id and messages.bot = ${bot} and not messages.synthetic and messages.deleted_at is null
  left join corrections on corrections.message_id = own.message_id and corrections.position = own.position
    and corrections.state in ('accepted', 'confirmed')
  left join blind_questions on blind_questions.message_id = own.message_id and blind_questions.position = own.position
  where own.version = ${version} and own.label is not null`

const truth = sql`coalesce(corrections.label, blind_questions.label)`

async function examples(db: Db, pair: Pair, options: { readonly right: 'own' | 'other'; readonly limit: number }) {
  const { rows } = await sql<Row>`
    select own.message_id, own.position, other.label as champion, own.label as challenger, ${truth} as truth
    ${scored(pair)} and own.label <> other.label and ${truth} = ${sql.ref(`${options.right}.label`)}
    order by messages.received_at desc, own.message_id, own.position limit ${options.limit}`.execute(db)
  return rows.map(({ message_id: messageId, position, ...said }) => ({
    prediction: predictionId({ messageId, position }),
    ...said,
  }))
}

/** Compares what two versions said to people's requests; what people settled on, else labelled blind, is the truth. */
export async function comparedScores(db: Db, pair: Pair, limit: number): Promise<ComparedScores> {
  const { rows } = await sql<Omit<ComparedScores, 'fixed' | 'broke'>>`
    select count(*)::int as compared, count(*) filter (where own.label = other.label)::int as agreed,
           count(*) filter (where own.label <> other.label and ${truth} = own.label)::int as "fixedCount",
           count(*) filter (where own.label <> other.label and ${truth} = other.label)::int as "brokeCount"
    ${scored(pair)}`.execute(db)
  const counts = rows[0] ?? { compared: 0, agreed: 0, fixedCount: 0, brokeCount: 0 }
  return {
    ...counts,
    fixed: await examples(db, pair, { right: 'own', limit }),
    broke: await examples(db, pair, { right: 'other', limit }),
  }
}
