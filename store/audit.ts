import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Trx } from './db.ts'

/** Who did what to what. `details` holds ids, numbers and hashes; never a secret or a person's words. */
export interface AuditEntry {
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** The key of the transaction lock under which the chain grows by one row at a time. */
const chainLock = 7_046_029
const genesis = '0'.repeat(64)

/** JSON with sorted keys: PostgreSQL's jsonb keeps values, not the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
      .join(',')}}`
  return JSON.stringify(value)
}

const hashOf = (row: AuditEntry & { readonly seq: number; readonly at: Date; readonly previousHash: string }) =>
  createHash('sha256')
    .update(
      canonical([row.previousHash, row.seq, row.at.toISOString(), row.actor, row.action, row.subject, row.details]),
    )
    .digest('hex')

/** Adds one row to the chain, in the transaction of the change that it tells of. */
export async function appendAudit(trx: Trx, entry: AuditEntry): Promise<void> {
  await sql`select pg_advisory_xact_lock(${chainLock})`.execute(trx)
  const last = await trx.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const row = { ...entry, seq: (last?.seq ?? 0) + 1, at: new Date(), previousHash: last?.hash ?? genesis }
  await trx
    .insertInto('audit')
    .values({
      seq: row.seq,
      at: row.at,
      actor: row.actor,
      action: row.action,
      subject: row.subject,
      details: canonical(row.details),
      previous_hash: row.previousHash,
      hash: hashOf(row),
    })
    .execute()
}

/** Reads the chain from its start. @returns the number of the first row that does not fit, or `undefined` when all do. */
export async function firstBrokenAuditRow(db: Db): Promise<number | undefined> {
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute()
  let previousHash = genesis
  for (const [index, row] of rows.entries()) {
    const expected = hashOf({ ...row, previousHash })
    if (row.seq !== index + 1 || row.previous_hash !== previousHash || row.hash !== expected) return row.seq
    previousHash = row.hash
  }
  return undefined
}
