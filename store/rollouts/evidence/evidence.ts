import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import type { Evidence, EvidencePayload } from '../../../domain/rollout/evidence.ts'
import { refuseRequested } from '../../approvals/decisions.ts'
import { canonical } from '../../audit.ts'
import type { Db } from '../../db.ts'
import { addRolloutEvent, rolloutOf } from '../rollouts.ts'

interface Row {
  readonly id: string
  readonly payload: EvidencePayload
  readonly hash: string
  readonly created_at: Date
  readonly expires_at: Date
}

const fromRow = ({ id, payload, hash, created_at, expires_at }: Row): Evidence => ({
  id,
  payload,
  hash,
  createdAt: created_at,
  expiresAt: expires_at,
})

/** SHA-256 of a value as JSON with sorted keys. */
export const hashOfValue = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

/** What a card is about: a change of anything else does not redraw it. */
export const subjectOf = ({ version, judgement, guards, lineage }: EvidencePayload): string =>
  canonical([version, lineage.weightsSha256, lineage.champion, judgement.verdict, guards.map(({ light }) => light)])

/** The evidence that counts: the latest of a rollout. */
export async function latestEvidence(db: Db, { bot, version }: RolloutKey): Promise<Evidence | undefined> {
  const { rows } = await sql<Row>`
    select id, payload, hash, created_at, expires_at from evidence
    where bot = ${bot} and version = ${version} order by created_at desc, id desc limit 1`.execute(db)
  return rows[0] && fromRow(rows[0])
}

export async function evidenceById(db: Db, id: string): Promise<Evidence | undefined> {
  const { rows } = await sql<Row>`
    select id, payload, hash, created_at, expires_at from evidence where id = ${id}`.execute(db)
  return rows[0] && fromRow(rows[0])
}

/**
 * Keeps evidence when its verdict, a light or the candidate differs from the latest one, or that one is too old; decisions on
 * older evidence that nobody has applied are refused then.
 * @returns the evidence that counts now.
 * @throws Error when there is no such rollout.
 */
export async function keepEvidence(
  db: Db,
  payload: EvidencePayload,
  options: { readonly goodForMs: number },
): Promise<Evidence> {
  const key = { bot: payload.bot, version: payload.version }
  return db.transaction().execute(async (trx) => {
    if ((await rolloutOf(trx, key, { lock: true })) === undefined) throw new Error('evidence needs a rollout')
    const latest = await latestEvidence(trx, key)
    const stands = latest !== undefined && latest.expiresAt.getTime() > Date.now()
    if (stands && subjectOf(latest.payload) === subjectOf(payload)) return latest
    const { rows } = await sql<Row>`
      insert into evidence (bot, version, verdict, payload, hash, created_at, expires_at)
      values (${key.bot}, ${key.version}, ${payload.judgement.verdict}, ${JSON.stringify(payload)}, ${hashOfValue(payload)},
              clock_timestamp(), clock_timestamp() + make_interval(secs => ${options.goodForMs / 1000}))
      returning id, payload, hash, created_at, expires_at`.execute(trx)
    const [row] = rows
    if (row === undefined) throw new Error('inserted evidence came back without a row')
    await refuseRequested(trx, key, 'stale')
    const detail = { evidenceId: row.id, verdict: payload.judgement.verdict, hash: row.hash }
    await addRolloutEvent(trx, { ...key, kind: 'evidence', detail })
    return fromRow(row)
  })
}
