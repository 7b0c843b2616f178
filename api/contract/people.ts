import { z } from 'zod'
import { roles } from '../../domain/people.ts'
import { time } from './values.ts'

/* Who is signed in, the people that are known, and their roles. */

const role = z.enum(roles)

export const session = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  roles: z.record(z.string(), role),
})
export type Session = Readonly<z.infer<typeof session>>

export const signInLinkRequest = z.object({ personId: z.uuid().optional() }).nullish()
export const signInLink = z.object({ url: z.string() })

const person = z.object({
  id: z.uuid(),
  channel: z.string(),
  since: time,
  messages: z.number(),
  roles: z.record(z.string(), role),
})
export type Person = Readonly<z.infer<typeof person>>
export const people = z.object({ people: z.array(person) })

export const roleRequest = z.object({
  bot: z.union([z.literal('*'), z.string().max(60)]),
  role: role.nullable(),
})
