import { z } from 'zod'
import { BadRequest } from '../../wire/exchange.ts'
import type { SlackApp } from '../apps.ts'
import { findMessage } from '../state/workspace.ts'
import type { Message } from '../state/workspace.ts'
import { installed } from '../world.ts'
import type { World } from '../world.ts'

/** The ids of Slack, as control calls name them. */
export const channelId = z
  .string()
  .regex(/^[CDG][A-Z0-9]+$/, 'begins with C, G (channels) or D (direct) and goes on in capitals and digits')
export const userId = z.string().regex(/^[UW][A-Z0-9]+$/, 'begins with U or W and goes on in capitals and digits')
export const timestamp = z.string().regex(/^\d{1,10}\.\d{6}$/, 'is a ts, as text')

/** @throws BadRequest that names the bots there are. */
export function appOf(world: World, bot: string): SlackApp {
  const app = world.apps.find((known) => known.bot === bot)
  if (app === undefined)
    throw new BadRequest(
      `bot: there is none of that name; there are: ${world.apps.map((known) => known.bot).join(', ')}`,
    )
  return installed(world, app)
}

/** The message as that person sees it. @throws BadRequest (404). */
export function messageSeenBy(
  world: World,
  where: { readonly ts: string; readonly channel?: string | undefined; readonly user: string },
): Message {
  const message = findMessage(world.workspace, where.ts, where.channel)
  if (message === undefined || (message.viewer !== undefined && message.viewer !== where.user))
    throw new BadRequest('ts: this person sees no such message', 404)
  return message
}
