import { sql } from 'kysely'
import type { Label } from '../../domain/label.ts'
import { allLabels, type LabelRefusal, refusalOfLabel } from '../../domain/added-label.ts'
import type { Bot } from '../../domain/bot.ts'
import { appendAudit } from '../audit.ts'
import { type Db, inTransaction } from '../db.ts'

/** The channel of NOTIFY on which every process hears that a bot has a new label. */
export const labelsChannel = 'understudy_labels'

/** The labels that were added, by bot, in the order in which they came. */
export async function addedLabels(db: Db): Promise<ReadonlyMap<string, readonly Label[]>> {
  const rows = await db
    .selectFrom('added_labels')
    .select(['bot', 'id', 'words'])
    .orderBy('added_at')
    .orderBy('id')
    .execute()
  const byBot = new Map<string, Label[]>()
  for (const { bot, id, words } of rows) byBot.set(bot, [...(byBot.get(bot) ?? []), { id, words }])
  return byBot
}

/**
 * Gives a bot a label more, with an audit row, and tells every process. Two who add at once are taken one after the other.
 * @param addition `bot`: with the labels of its folder. `actor`: our id of the person, who was let pass.
 * @returns why it cannot be added; nothing when it was.
 */
export async function addLabel(
  db: Db,
  addition: { readonly bot: Pick<Bot, 'name' | 'labels'>; readonly label: Label; readonly actor: string },
): Promise<LabelRefusal | undefined> {
  const { bot, label, actor } = addition
  return inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`labels:${bot.name}`}, 0))`.execute(trx)
    const added = (await addedLabels(trx)).get(bot.name) ?? []
    const refusal = refusalOfLabel(label, allLabels(bot.labels, added))
    if (refusal) return refusal
    const row = { bot: bot.name, id: label.id, words: label.words, added_by: actor }
    await trx.insertInto('added_labels').values(row).execute()
    await appendAudit(trx, { actor, action: 'label.added', subject: bot.name, details: { label: label.id } })
    await sql`select pg_notify(${labelsChannel}, '')`.execute(trx)
    return undefined
  })
}
