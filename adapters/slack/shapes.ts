import { z } from 'zod'
import type { Bot } from '../../domain/bot.ts'
import { MalformedEvent } from '../../domain/errors.ts'
import type { PictureRef } from '../../domain/inbound.ts'

/** What reading a request needs to know of the bot that it is for. */
export type SlackBot = Pick<Bot, 'name' | 'labels' | 'listensTo' | 'commands'>

/** Narrow on purpose: ids become keys of an index, which takes neither NUL nor thousands of bytes. */
export const id = z.string().regex(/^[\w.:-]{1,100}$/)
export const name = z.string().regex(/^[\w.:-]{1,60}$/)
export const timestamp = z.string().regex(/^\d{1,10}\.\d{1,9}$/)

/** PostgreSQL takes neither NUL nor half a surrogate pair in a text. */
const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{fffd}')
export const words = z.string().transform(storable)
const optionalText = z.string().min(1).transform(storable).optional().catch(undefined)

/** The paths of the faults, never the values: those are people's words. */
export function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new MalformedEvent(
    parsed.error.issues
      .map((issue) => issue.path.join('.') || 'the whole')
      .join(', ')
      .slice(0, 200),
  )
}

/** @throws MalformedEvent when the bytes are not UTF-8. */
export function decodeText(rawBody: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rawBody)
  } catch {
    throw new MalformedEvent('not UTF-8')
  }
}

/** @throws MalformedEvent when the text is not JSON. */
export function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedEvent('not JSON in UTF-8')
  }
}

const file = z.object({
  id,
  name: optionalText,
  mimetype: optionalText,
  size: z.int().nonnegative().optional().catch(undefined),
  url_private: optionalText,
  url_private_download: optionalText,
  thumb_1024: optionalText,
  thumb_720: optionalText,
})
export const files = z.array(file.optional().catch(undefined)).nullish()

/** Formats that the decoder does not open; Slack makes a JPEG or PNG of them. */
const needsThumbnail = /^image\/(?:hei[cf]|tiff|bmp|avif|x-|vnd\.)/

function addressOf(found: z.infer<typeof file>): string | undefined {
  const whole = found.url_private_download ?? found.url_private
  const thumbnail = found.thumb_1024 ?? found.thumb_720
  return thumbnail !== undefined && needsThumbnail.test(found.mimetype ?? '') ? thumbnail : whole
}

/** The files that are, or may turn out to be, pictures. */
export function picturesIn(found: z.infer<typeof files>): readonly PictureRef[] {
  return (found ?? []).flatMap((each) => {
    if (each === undefined || (each.mimetype !== undefined && !each.mimetype.startsWith('image/'))) return []
    const url = addressOf(each)
    const isWhole = url === (each.url_private_download ?? each.url_private)
    return [
      {
        id: each.id,
        ...(url !== undefined && { url }),
        ...(each.mimetype !== undefined && { mimetype: each.mimetype }),
        ...(each.size !== undefined && isWhole && { bytes: each.size }),
        ...(each.name !== undefined && { name: each.name.slice(0, 100) }),
      },
    ]
  })
}

/** ISO 8601 of a message's timestamp, which is seconds with a fraction. */
export const timeOf = (ts: string): string => new Date(Math.floor(Number(ts) * 1000)).toISOString()
