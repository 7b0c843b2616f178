import { z } from 'zod'
import { deliveriesShape, planned, sendAll } from '../../wire/control.ts'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { withMentions } from '../apps.ts'
import { parcelsOfMessage } from '../delivery/events.ts'
import { hearersOf } from '../delivery/tell.ts'
import { findMessage, nextTs } from '../state/workspace.ts'
import type { World } from '../world.ts'
import { fileShape, storedFile } from './attachments.ts'
import { appOf, channelId, timestamp, userId } from './find.ts'

const messageShape = z.strictObject({
  /** The bot that is spoken to comes into the channel, if it is not there; left out: whoever is there hears. */
  bot: z.string().optional(),
  channel: channelId,
  user: userId,
  text: z.string().max(40_000),
  files: z.array(fileShape).max(10).default([]),
  threadTs: timestamp.optional(),
  deliveries: deliveriesShape.default({ copies: 1, twins: true, newEventIds: 0 }),
  wait: z.boolean().default(false),
})

async function write(world: World, asked: z.infer<typeof messageShape>, ts: string): Promise<void> {
  const bot = asked.bot === undefined ? undefined : appOf(world, asked.bot).bot
  if (bot === undefined && !world.workspace.conversations.has(asked.channel))
    throw new BadRequest('bot: is needed in a channel that is new')
  await world.ledger.record({
    method: '_sim/messages',
    id: ts,
    ...(bot !== undefined && { bot }),
    channel: asked.channel,
    user: asked.user,
    text: withMentions(asked.text, world.apps),
    files: asked.files.map((file, at) => storedFile(file, [ts, `${at}`])),
    ...(asked.threadTs !== undefined && { threadTs: asked.threadTs }),
  })
}

const createMessage = (world: World): Route => ({
  pattern: 'POST /_sim/messages',
  handle: async (exchange) => {
    const asked = bodyOf(exchange, messageShape)
    const ts = nextTs(world.workspace)
    await write(world, asked, ts)
    const message = findMessage(world.workspace, ts, asked.channel)
    if (message === undefined) throw new BadRequest('the simulator was reset meanwhile', 409)
    const parcels = hearersOf(world, message).flatMap((app) =>
      planned(parcelsOfMessage(message, app, world.apps), asked.deliveries),
    )
    const sent = await sendAll(world.courier, parcels, asked.wait)
    return json({ ts, channel: message.channel, files: message.files.map(({ id }) => id), ...sent })
  },
})

const redeliverShape = z.strictObject({
  ts: z.string(),
  channel: z.string().optional(),
  newEventId: z.boolean().default(false),
  times: z.int().min(1).max(100).default(1),
  wait: z.boolean().default(false),
})

const redeliver = (world: World): Route => ({
  pattern: 'POST /_sim/redeliver',
  handle: async (exchange) => {
    const { ts, channel, newEventId, times, wait } = bodyOf(exchange, redeliverShape)
    const message = findMessage(world.workspace, ts, channel)
    if (message?.user === undefined) throw new BadRequest('ts: no person has written a message with that ts')
    const parcels = hearersOf(world, message).flatMap((app) => {
      const { primary } = parcelsOfMessage(message, app, world.apps)
      return Array.from({ length: times }, () => primary(newEventId))
    })
    return json({ ts, ...(await sendAll(world.courier, parcels, wait)) })
  },
})

/** What people say, and what is said again by the platform. */
export const messageRoutes = (world: World): readonly Route[] => [createMessage(world), redeliver(world)]
