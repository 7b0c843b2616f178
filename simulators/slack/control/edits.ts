import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { withMentions } from '../apps.ts'
import { change, remove } from '../delivery/tell.ts'
import { findMessage } from '../state/workspace.ts'
import type { Message } from '../state/workspace.ts'
import type { World } from '../world.ts'
import { channelId, timestamp, userId } from './find.ts'

const editShape = z.strictObject({
  channel: channelId,
  ts: timestamp,
  user: userId,
  text: z.string().max(40_000),
  wait: z.boolean().default(false),
})
const deletionShape = z.strictObject({
  channel: channelId,
  ts: timestamp,
  /** Left out: by whoever wrote it. */
  user: userId.optional(),
  wait: z.boolean().default(false),
})

/** A message that a person wrote. @throws BadRequest (404). */
function writtenBy(world: World, where: { readonly channel: string; readonly ts: string }, user?: string): Message {
  const message = findMessage(world.workspace, where.ts, where.channel)
  if (message?.user === undefined || (user !== undefined && message.user !== user))
    throw new BadRequest('ts: this person has written no such message', 404)
  return message
}

/** What people do to their own messages. */
export const editRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/edits',
    handle: async (exchange) => {
      const { channel, ts, user, text, wait } = bodyOf(exchange, editShape)
      const message = writtenBy(world, { channel, ts }, user)
      const words = withMentions(text, world.apps)
      const { told } = await change(world, message, { method: '_sim/edits', id: ts, channel, text: words })
      return json({ ts, channel, ...(wait && { deliveries: await told }) })
    },
  },
  {
    pattern: 'POST /_sim/deletions',
    handle: async (exchange) => {
      const { channel, ts, user, wait } = bodyOf(exchange, deletionShape)
      const message = writtenBy(world, { channel, ts }, user)
      const { told } = await remove(world, message, { method: '_sim/deletions', id: ts, channel })
      return json({ ts, channel, ...(wait && { deliveries: await told }) })
    },
  },
]
