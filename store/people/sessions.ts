import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { appendAudit } from '../audit.ts'
import type { Db } from '../db.ts'

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex')
const newToken = (): string => randomBytes(32).toString('base64url')

/** How long a sign-in link may be used, once, in minutes; and how long a session lasts, in hours. */
const linkMinutes = 10
const sessionHours = 12

/** A link's token; only its digest is kept. What has run out is forgotten on the way. */
export async function createSignInLink(db: Db, personId: string): Promise<string> {
  const token = newToken()
  await sql`delete from sign_in_links where expires_at < now()`.execute(db)
  await sql`delete from sessions where expires_at < now()`.execute(db)
  await sql`insert into sign_in_links (token_sha256, person_id, expires_at)
            values (${sha256(token)}, ${personId}, now() + ${linkMinutes} * interval '1 minute')`.execute(db)
  return token
}

/**
 * A link that signs a person in; one that is for somebody else is in the audit.
 * @returns its token, or `undefined` when there is no such person.
 */
export async function giveSignInLink(
  db: Db,
  { personId, actor }: { readonly personId: string; readonly actor: string },
): Promise<string | undefined> {
  return db.transaction().execute(async (trx) => {
    const person = await trx.selectFrom('people').select('id').where('id', '=', personId).executeTakeFirst()
    if (person === undefined) return undefined
    if (personId !== actor) await appendAudit(trx, { actor, action: 'sign-in.given', subject: personId, details: {} })
    return createSignInLink(trx, personId)
  })
}

/** Uses a link up. @returns the token of a new session, or `undefined` when the link is unknown, used or too old. */
export async function redeemSignInLink(db: Db, token: string): Promise<string | undefined> {
  const session = newToken()
  const { rows } = await sql<{ person_id: string }>`
    with used as (
      update sign_in_links set used_at = now()
      where token_sha256 = ${sha256(token)} and used_at is null and expires_at > now() returning person_id
    )
    insert into sessions (token_sha256, person_id, expires_at)
    select ${sha256(session)}, person_id, now() + ${sessionHours} * interval '1 hour' from used
    returning person_id`.execute(db)
  return rows.length === 0 ? undefined : session
}

/** Whose session it is, or `undefined`. */
export async function personOfSession(db: Db, token: string): Promise<string | undefined> {
  const { rows } = await sql<{ person_id: string }>`
    select person_id from sessions where token_sha256 = ${sha256(token)} and expires_at > now()`.execute(db)
  return rows[0]?.person_id
}

export async function endSession(db: Db, token: string): Promise<void> {
  await sql`delete from sessions where token_sha256 = ${sha256(token)}`.execute(db)
}
