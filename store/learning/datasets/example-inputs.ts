import type { Db, Trx } from '../../db.ts'
import type { ShownInput } from '../inputs.ts'

/** What a base example looks like: its picture as a blob, or its text. */
export type ExampleInput = { readonly example: string } & (
  { readonly pictureSha256: string } | { readonly text: string }
)

/** As few statements as parameters allow. */
const portion = 1_000

/** Keeps what a bot's base examples look like; those that are known stay as they are. */
export async function saveExampleInputs(trx: Trx, bot: string, inputs: readonly ExampleInput[]): Promise<void> {
  const rows = inputs.map(({ example, ...input }) =>
    'text' in input
      ? { bot, example, text: input.text, picture_sha256: null }
      : { bot, example, text: null, picture_sha256: input.pictureSha256 },
  )
  for (let at = 0; at < rows.length; at += portion)
    await trx
      .insertInto('example_inputs')
      .values(rows.slice(at, at + portion))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

/** What pages show of these base examples of a bot, by their ids. They are ours, so nothing has to be moderated. */
export async function exampleInputsShown(
  db: Db,
  bot: string,
  examples: readonly string[],
): Promise<ReadonlyMap<string, ShownInput>> {
  if (examples.length === 0) return new Map()
  const rows = await db
    .selectFrom('example_inputs')
    .select(['example', 'picture_sha256', 'text'])
    .where('bot', '=', bot)
    .where('example', 'in', examples)
    .execute()
  return new Map(
    rows.map(({ example, picture_sha256: sha256, text }) => [
      example,
      sha256 === null ? { kind: 'text', text: text ?? '' } : { kind: 'picture', sha256, shown: true },
    ]),
  )
}

/** Whether a blob is the picture of a base example. */
export async function isExamplePicture(db: Db, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('example_inputs')
    .select('bot')
    .where('picture_sha256', '=', sha256)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
