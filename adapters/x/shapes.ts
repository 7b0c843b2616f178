import { z } from 'zod'
import { MalformedEvent } from '../../domain/errors.ts'

/** PostgreSQL takes neither NUL nor half a surrogate pair in a text. */
const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{fffd}')

/** What becomes part of a key: narrow on purpose, because an index takes neither NUL nor thousands of bytes. */
export const token = z.string().regex(/^[\w.:-]{1,100}$/)
/** An id of X: always text, because as a JSON number it would lose its last digits. */
export const snowflake = z.string().regex(/^\d{1,20}$/)
export const words = z.string().transform(storable)
export const optionalWords = z.string().min(1).transform(storable).optional().catch(undefined)

/**
 * The value in the given shape.
 * @throws MalformedEvent with the paths of the faults, never the values: those are people's words.
 */
export function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole')
  throw new MalformedEvent(faults.join(', ').slice(0, 200))
}

/** Milliseconds since the epoch of the first snowflake (2010-11-04). */
const snowflakeEpochMs = 1_288_834_974_657n

/** When something was made: as X says, else as its id says, as ISO 8601. */
export function madeAt(id: string, told: string | number | null | undefined): string {
  const date = new Date(typeof told === 'string' && /^\d{1,15}$/.test(told) ? Number(told) : (told ?? Number.NaN))
  const year = date.getUTCFullYear()
  if (year >= 2006 && year <= 9999) return date.toISOString()
  return new Date(Number((BigInt(id) >> 22n) + snowflakeEpochMs)).toISOString()
}
