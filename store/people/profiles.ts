import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import { appendAudit } from '../audit.ts'
import { letGoOf } from '../blind/let-go.ts'
import type { Db, Trx } from '../db.ts'

/** A person who takes part in a bot's matching. `name` is what the others are told. */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly label: string
  /** Where they are told; nowhere for those that are there from the start. */
  readonly address: ReplyAddress | undefined
}

/** The people who are there from the start; repeating it changes nothing. */
export async function ensureStarterProfiles(
  db: Db,
  bot: string,
  people: readonly { readonly name: string; readonly label: string }[],
): Promise<void> {
  for (const { name, label } of people)
    await sql`
      insert into profiles (id, bot, name, label, confidence, starter)
      select ${randomUUID()}, ${bot}, ${name}, ${label}, 1, true
      where not exists (select 1 from profiles where bot = ${bot} and starter and name = ${name})`.execute(db)
}

/** Takes a person's profiles away, with the place of each picture and what was recorded of it. @returns their ids. */
async function takeAway(
  trx: Trx,
  { bot, personId, but = null }: { readonly bot: string; readonly personId: string; readonly but?: string | null },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    update profiles set removed_at = now(), picture_sha256 = null, address = null
    where bot = ${bot} and person_id = ${personId} and removed_at is null and id is distinct from ${but}::uuid
    returning id`.execute(trx)
  for (const { id } of rows) {
    await sql`delete from recordings where message_id = ${id}`.execute(trx)
    await sql`delete from message_media where message_id = ${id}`.execute(trx)
    await letGoOf(trx, id)
  }
  return rows.map(({ id }) => id)
}

/** A person joins anew: what they had before is taken away, those whom they met stay met. */
export async function joinMatching(
  db: Db,
  profile: { readonly id: string; readonly bot: string; readonly personId: string; readonly address: ReplyAddress },
): Promise<void> {
  const { id, bot, personId } = profile
  await db.transaction().execute(async (trx) => {
    await takeAway(trx, { bot, personId, but: id })
    await sql`insert into profiles (id, bot, person_id, address)
              values (${id}, ${bot}, ${personId}, ${JSON.stringify(profile.address)})
              on conflict (id) do nothing`.execute(trx)
  })
}

/** A person leaves: nothing of their profile stays. @returns whether there was one. */
export async function leaveMatching(db: Db, bot: string, personId: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const removed = await takeAway(trx, { bot, personId })
    for (const subject of removed)
      await appendAudit(trx, { actor: personId, action: 'profile.removed', subject, details: {} })
    return removed.length > 0
  })
}

interface Row {
  readonly id: string
  readonly name: string | null
  readonly label: string
  readonly address: ReplyAddress | null
}

const profileOf = (row: Row): Profile => ({
  id: row.id,
  name: row.name ?? '',
  label: row.label,
  address: row.address ?? undefined,
})

/** The best-ranked person of another class whom this one has not met, or `undefined`. */
async function nextPartner(db: Db, profileId: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select other.id, other.name, other.label, other.address
    from profiles me join profiles other on other.bot = me.bot
    where me.id = ${profileId} and other.removed_at is null and other.label is not null and other.label != me.label
      and coalesce(other.person_id, other.id) != coalesce(me.person_id, me.id)
      and not exists (
        select 1 from meetings
        join profiles a on a.id = profile_id join profiles b on b.id = partner_id
        where coalesce(a.person_id, a.id) = coalesce(me.person_id, me.id)
          and coalesce(b.person_id, b.id) = coalesce(other.person_id, other.id)
      )
    order by other.starter, other.confidence desc, other.created_at limit 1`.execute(db)
  return rows[0]
}

async function partnerSoFar(db: Db, profileId: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select other.id, other.name, other.label, other.address
    from meetings join profiles other on other.id = partner_id
    where profile_id = ${profileId} order by met_at limit 1`.execute(db)
  return rows[0]
}

/**
 * Keeps what a profile was classed as and lets it meet somebody, both in one transaction. Repeating it finds the same partner.
 * Two who join at once are taken one after the other.
 */
export async function meetSomebody(
  db: Db,
  profile: { readonly id: string; readonly bot: string; readonly label: string; readonly confidence: number },
): Promise<Profile | undefined> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`match:${profile.bot}`}, 0))`.execute(trx)
    await sql`update profiles set label = ${profile.label}, confidence = ${profile.confidence} where id = ${profile.id}`.execute(
      trx,
    )
    const before = await partnerSoFar(trx, profile.id)
    if (before) return profileOf(before)
    const partner = await nextPartner(trx, profile.id)
    if (partner === undefined) return undefined
    await sql`insert into meetings (profile_id, partner_id)
              values (${profile.id}, ${partner.id}), (${partner.id}, ${profile.id})
              on conflict do nothing`.execute(trx)
    return profileOf(partner)
  })
}
