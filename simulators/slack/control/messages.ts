import { createHash } from 'node:crypto'
import { z } from 'zod'
import { deliveriesShape, planned, sendAll } from '../../wire/control.ts'
import { BadRequest, json } from '../../wire/exchange.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { withMentions } from '../apps.ts'
import type { SlackApp } from '../apps.ts'
import { parcelsOfMessage } from '../events.ts'
import { findMessage, nextTs } from '../workspace.ts'
import type { Message } from '../workspace.ts'
import type { World } from '../world.ts'

const fileShape = z.strictObject({
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

const messageShape = z.strictObject({
  bot: z.string(),
  channel: z
    .string()
    .regex(/^[CDG][A-Z0-9]+$/, 'begins with C, G (channels) or D (direct) and goes on in capitals and digits'),
  user: z.string().regex(/^[UW][A-Z0-9]+$/, 'begins with U or W and goes on in capitals and digits'),
  text: z.string().max(40_000),
  files: z.array(fileShape).max(10).default([]),
  threadTs: z
    .string()
    .regex(/^\d{1,10}\.\d{6}$/, 'is a ts, as text')
    .optional(),
  deliveries: deliveriesShape.default({ copies: 1, twins: true, newEventIds: 0 }),
  wait: z.boolean().default(false),
})

/** @throws BadRequest that names the bots there are. */
export function appOf(world: World, bot: string): SlackApp {
  const app = world.apps.find((known) => known.bot === bot)
  if (app === undefined)
    throw new BadRequest(
      `bot: there is none of that name; there are: ${world.apps.map((known) => known.bot).join(', ')}`,
    )
  return app
}

/** The id of a message's nth file: found again after a restart. */
const fileIdOf = (ts: string, at: number): string =>
  `F${BigInt(`0x${createHash('sha256').update(`${ts} ${at}`).digest('hex').slice(0, 14)}`)
    .toString(36)
    .toUpperCase()
    .padStart(10, '0')
    .slice(-10)}`

function storedFile(file: z.infer<typeof fileShape>, id: string) {
  const { thumb, mimetype, ...rest } = file
  return {
    ...rest,
    id,
    mimetype: mimetype ?? mimetypeOf(Buffer.from(file.base64, 'base64'), file.name),
    ...(thumb !== undefined && { thumb }),
  }
}

/** The apps that hear of a message: those whose bots are in the channel. */
const hearers = (world: World, message: Message): readonly SlackApp[] =>
  world.apps.filter(({ bot }) => world.workspace.conversations.get(message.channel)?.members.has(bot))

const createMessage = (world: World): Route => ({
  pattern: 'POST /_sim/messages',
  handle: async (exchange) => {
    const asked = bodyOf(exchange, messageShape)
    const { bot } = appOf(world, asked.bot)
    const ts = nextTs(world.workspace)
    const written = world.ledger.record({
      method: '_sim/messages',
      id: ts,
      bot,
      channel: asked.channel,
      user: asked.user,
      text: withMentions(asked.text, world.apps),
      files: asked.files.map((file, at) => storedFile(file, fileIdOf(ts, at))),
      ...(asked.threadTs !== undefined && { threadTs: asked.threadTs }),
    })
    await written
    const message = findMessage(world.workspace, ts, asked.channel)
    if (message === undefined) throw new BadRequest('the simulator was reset meanwhile', 409)
    const parcels = hearers(world, message).flatMap((app) =>
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
    const parcels = hearers(world, message).flatMap((app) => {
      const { primary } = parcelsOfMessage(message, app, world.apps)
      return Array.from({ length: times }, () => primary(newEventId))
    })
    return json({ ts, ...(await sendAll(world.courier, parcels, wait)) })
  },
})

/** What people say, and what is said again by the platform. */
export const messageRoutes = (world: World): readonly Route[] => [createMessage(world), redeliver(world)]
