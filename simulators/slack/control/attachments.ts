import { z } from 'zod'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { idFrom } from '../state/ids.ts'
import type { FileRecord } from '../state/records.ts'

/** A file that a person uploads. */
export const fileShape = z.strictObject({
  name: z.string().min(1).max(200),
  base64: z.base64(),
  /** Empty: as before Slack's malware scan. Left out: by the content. */
  mimetype: z.string().max(200).optional(),
  /** `missing`: the bot's token may not read this file. */
  scope: z.enum(['granted', 'missing']).default('granted'),
  /** A file of another workspace (Slack Connect). */
  stub: z.boolean().default(false),
  thumb: z.base64().optional(),
})

/** The file as it is kept, under an id that follows from `seed`. */
export function storedFile(file: z.infer<typeof fileShape>, seed: readonly string[]): FileRecord {
  const { thumb, mimetype, ...rest } = file
  return {
    ...rest,
    id: idFrom('F', ...seed),
    mimetype: mimetype ?? mimetypeOf(Buffer.from(file.base64, 'base64'), file.name),
    ...(thumb !== undefined && { thumb }),
  }
}
