import { sql } from 'kysely'
import type { Actor, Role } from '../../domain/people.ts'
import { appendAudit } from '../audit.ts'
import type { Db } from '../db.ts'
import { personOf } from '../messages/messages.ts'

/** The person behind this machine's own sign-in: administrator of every bot. @returns our id of them. */
export async function ensureLocalAdmin(db: Db): Promise<string> {
  const id = await personOf(db, { channel: 'http', workspace: '', platformUserId: 'local-admin' })
  await sql`insert into roles (person_id, bot, role, granted_by) values (${id}, '*', 'admin', 'start')
            on conflict do nothing`.execute(db)
  return id
}

interface OnPlatform {
  readonly channel: 'slack' | 'x'
  readonly workspace: string
  readonly platformUserId: string
}

async function ensureRole(db: Db, who: OnPlatform, role: Role): Promise<void> {
  const id = await personOf(db, who)
  await sql`insert into roles (person_id, bot, role, granted_by) values (${id}, '*', ${role}, 'start')
            on conflict do nothing`.execute(db)
}

/** A person of the simulated platforms who may review: in the demonstration that is whoever sits at this machine. */
export const ensureReviewer = (db: Db, who: OnPlatform): Promise<void> => ensureRole(db, who, 'reviewer')

/** A person of the simulated platforms who may decide on versions: another one, because nobody approves their own data. */
export const ensureApprover = (db: Db, who: OnPlatform): Promise<void> => ensureRole(db, who, 'approver')

/** A person who came by our own sign-in. `name` is what they are called over HTTP, and their user id there. */
export interface SignedIn extends Actor {
  readonly name: string
}

/** Who a person is and what they may do; nothing when they are not known. */
export async function actorOf(db: Db, personId: string): Promise<SignedIn> {
  const { rows } = await sql<{ name: string; roles: Record<string, Role> }>`
    select case when channel = 'http' then platform_user_id else id::text end as name,
           coalesce((select jsonb_object_agg(bot, role) from roles where person_id = people.id), '{}') as roles
    from people where id = ${personId}`.execute(db)
  return { id: personId, name: rows[0]?.name ?? personId, roles: rows[0]?.roles ?? {} }
}

export interface KnownPerson extends Actor {
  readonly channel: string
  readonly since: Date
  readonly messages: number
}

/**
 * The people who have written most lately, and everybody with a role. Platform ids stay here.
 * @param filter.id only this person.
 * @param filter.platformId only whoever has this id on their platform: one person, unless several workspaces gave it.
 */
export async function knownPeople(
  db: Db,
  filter: { readonly limit: number; readonly id?: string | undefined; readonly platformId?: string | undefined },
): Promise<readonly KnownPerson[]> {
  const { limit, id = null, platformId = null } = filter
  const { rows } = await sql<{
    id: string
    channel: string
    created_at: Date
    messages: number
    roles: Record<string, Role>
  }>`
    select people.id, people.channel, people.created_at,
           (select count(*)::int from messages where person_id = people.id) as messages,
           coalesce((select jsonb_object_agg(bot, role) from roles where person_id = people.id), '{}') as roles
    from people where (${id}::uuid is null or id = ${id}::uuid)
      and (${platformId}::text is null or platform_user_id = ${platformId})
    order by exists (select 1 from roles where person_id = people.id) desc, people.created_at desc limit ${limit}`.execute(
    db,
  )
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    since: row.created_at,
    messages: row.messages,
    roles: row.roles,
  }))
}

/** Gives a person a role with a bot, or takes it away, with an audit row. @returns whether there is such a person. */
export async function changeRole(
  db: Db,
  change: { readonly personId: string; readonly bot: string; readonly role: Role | null; readonly actor: string },
): Promise<boolean> {
  const { personId, bot, role, actor } = change
  return db.transaction().execute(async (trx) => {
    const person = await trx.selectFrom('people').select('id').where('id', '=', personId).executeTakeFirst()
    if (person === undefined) return false
    if (role === null) await sql`delete from roles where person_id = ${personId} and bot = ${bot}`.execute(trx)
    else
      await sql`insert into roles (person_id, bot, role, granted_by) values (${personId}, ${bot}, ${role}, ${actor})
                on conflict (person_id, bot) do update set role = excluded.role, granted_by = excluded.granted_by`.execute(
        trx,
      )
    await appendAudit(trx, { actor, action: 'role.changed', subject: personId, details: { bot, role } })
    return true
  })
}
