import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { PreparedClient } from './prepared-client.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
/** A function that takes this must run inside a transaction; the type demands it. */
export type Trx = Transaction<Tables>

/** Does several things as one: in the caller's transaction when there is one, else in one of its own. */
export const inTransaction = <T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db as Trx) : db.transaction().execute(work)

/** Thrown when the database could lose what it acknowledged; `setting` names what has to change. */
export class UnsafeDatabase extends Error {
  readonly code = 'UnsafeDatabase'
  readonly setting: string
  constructor(setting: string) {
    super(
      `the database runs with ${setting}: it could lose messages that were acknowledged. Set it to on and start again.`,
    )
    this.setting = setting
  }
}

/** pg gives int8 as text; ours are identity values that stay far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown)

/** A pool of connections. A call fails after 2 s without a connection, so that a door can say 503 in time. */
export function openDatabase(url: string, options: { readonly poolSize?: number } = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idleTimeoutMillis: 30_000,
    application_name: 'understudy',
    types: { getTypeParser },
    Client: PreparedClient,
  })
  // An idle connection that breaks is replaced on the next call; the call itself reports what it meets.
  pool.on('error', () => undefined)
  // One that breaks while it is used fails its call, and then says so again to nobody, which would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/**
 * Checks that a commit is on disk when it is acknowledged.
 * @throws UnsafeDatabase when `fsync` or `synchronous_commit` is off.
 */
export async function assertDurable(db: Db): Promise<void> {
  const { rows } = await sql<{ fsync: string; commit: string }>`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`.execute(db)
  const [settings] = rows
  if (settings?.fsync !== 'on') throw new UnsafeDatabase('fsync=off')
  if (settings.commit === 'off') throw new UnsafeDatabase('synchronous_commit=off')
}

/** SQLSTATE: the connection broke (class 08), the server has no room (53), or it stops, was killed or is starting (57P01–57P03). */
const outageStates = /^(?:08|53|57P0[123])/
const outageCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
])
/** The errors of pg that have no code. */
const outageWords =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (?:was closed|has encountered a connection error))/

/** Whether a call failed because the database cannot be reached now: the same call may work later, with nothing changed here. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (!('code' in error) || typeof error.code !== 'string') return outageWords.test(error.message)
  return outageCodes.has(error.code) || outageStates.test(error.code)
}

/** Whether the database answers, within its own time limits. */
export async function isReachable(db: Db): Promise<boolean> {
  return sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
}
