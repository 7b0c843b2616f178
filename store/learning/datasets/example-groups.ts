import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** An input with the group of near-duplicates that it belongs to. */
export interface ExampleGroup {
  readonly inputSha256: string
  /** The same for all inputs of a group. */
  readonly groupKey: string
  /** 64-bit difference hash of a picture in hexadecimal; absent for texts. */
  readonly fingerprint?: string | undefined
  readonly heldOut: boolean
}

/** All groups of a bot's inputs that were decided, in the order in which they were. */
export async function exampleGroupsOf(db: Db, bot: string): Promise<readonly ExampleGroup[]> {
  const rows = await db
    .selectFrom('example_groups')
    .select(['input_sha256', 'group_key', 'fingerprint', 'held_out'])
    .where('bot', '=', bot)
    .orderBy('created_at')
    .orderBy('input_sha256')
    .execute()
  return rows.map((row) => ({
    inputSha256: row.input_sha256,
    groupKey: row.group_key,
    fingerprint: row.fingerprint ?? undefined,
    heldOut: row.held_out,
  }))
}

/** Fixes an input's group for the life of the bot: the first decision stands. @returns the one that stands. */
export async function fixExampleGroup(db: Db, bot: string, group: ExampleGroup): Promise<ExampleGroup> {
  await db
    .insertInto('example_groups')
    .values({
      bot,
      input_sha256: group.inputSha256,
      group_key: group.groupKey,
      fingerprint: group.fingerprint ?? null,
      held_out: group.heldOut,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { rows } = await sql<{ group_key: string; fingerprint: string | null; held_out: boolean }>`
    select group_key, fingerprint, held_out from example_groups
    where bot = ${bot} and input_sha256 = ${group.inputSha256}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a group that was written is not there')
  return {
    inputSha256: group.inputSha256,
    groupKey: row.group_key,
    fingerprint: row.fingerprint ?? undefined,
    heldOut: row.held_out,
  }
}
