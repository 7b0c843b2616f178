import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { canonical } from './audit.ts'
import type { Db, Trx } from './db.ts'

/** What a person asks for under a key of theirs. */
export interface KeyedRequest {
  readonly operation: string
  readonly bot: string
  /** Our id of the person. */
  readonly actor: string
  readonly key: string
  /** What is asked, as JSON can hold it: the same key is for the same request only. */
  readonly request: unknown
}

/** What is known of a key: nothing yet, the result that it had, or that it was used for something else. */
export type KnownKey =
  { readonly kind: 'new' | 'unfinished' | 'other-request' } | { readonly kind: 'done'; readonly result: unknown }

/** Ids of operations are asked for again within minutes; nobody repeats a request of last month. */
const keptDays = 30

/** A UUID that belongs to a text: the same text has the same one, and cannot be read from it. */
export function idOfKey(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

const idOf = ({ actor, key }: KeyedRequest) => idOfKey(`${actor}:${key}`)

const digestOf = ({ operation, bot, request }: KeyedRequest) =>
  createHash('sha256')
    .update(canonical([operation, bot, request]))
    .digest('hex')

/** Takes a key. Two who take the same one at once are taken one after the other, when the first one's transaction ends. */
export async function takeKey(db: Db, asked: KeyedRequest): Promise<KnownKey> {
  const digest = digestOf(asked)
  const { rows: taken } = await sql`
    insert into operations (id, operation, bot, actor, request_digest)
    values (${idOf(asked)}, ${asked.operation}, ${asked.bot}, ${asked.actor}, ${digest})
    on conflict do nothing returning 1`.execute(db)
  if (taken.length > 0) return { kind: 'new' }
  const { rows } = await sql<{ digest: string; result: unknown }>`
    select request_digest as digest, result from operations where id = ${idOf(asked)}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an operation that was there has no row')
  if (row.digest !== digest) return { kind: 'other-request' }
  return row.result === null ? { kind: 'unfinished' } : { kind: 'done', result: row.result }
}

/** Keeps what came of it, in the transaction of its audit row. */
export async function keepResult(trx: Trx, asked: KeyedRequest, result: unknown): Promise<void> {
  await sql`update operations set result = ${JSON.stringify(result)}::jsonb where id = ${idOf(asked)}`.execute(trx)
}

/** Forgets keys that nobody uses any more. */
export async function sweepOperations(db: Db): Promise<void> {
  await sql`delete from operations where at < now() - ${keptDays} * interval '1 day'`.execute(db)
}
