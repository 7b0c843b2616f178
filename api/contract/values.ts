import { z } from 'zod'

/* What several shapes are made of. */

/** A list that is handed through as it is. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
export const time = z.iso.datetime({ offset: true })
export const botName = z.string().max(60)
/** The number of a version. */
export const number = z.coerce.number().int().min(1).max(1_000_000)
export const versionKey = z.object({ bot: botName, version: number })
export const hash = z.string().describe('SHA-256 in hexadecimal.')

export const label = z.string().describe('The id of a label.')
export const namedLabel = z.object({ id: z.string(), words: z.string().describe('What people read.') })
export type LabelWords = Readonly<z.infer<typeof namedLabel>>

export const prediction = z
  .string()
  .describe('`<message>` for its first picture or its text, `<message>_<position>` else.')

/** What a page shows of an input; `null` for an example of a dataset, which is no message. */
export const shownInput = z.union([
  z.object({
    kind: z.literal('picture'),
    sha256: hash,
    shown: z.boolean().describe('false: moderation withholds it.'),
  }),
  z.object({ kind: z.literal('text'), text: z.string() }),
])
export type ShownInput = Readonly<z.infer<typeof shownInput>>

/** What went wrong and what to do next (RFC 9457). */
export const problem = z.object({ type: z.string(), status: z.number(), title: z.string(), detail: z.string() })
