import { z } from 'zod'
import { deliveriesShape, planned, sendAll } from '../../wire/control.ts'
import type { Parcels } from '../../wire/control.ts'
import { BadRequest, json } from '../../wire/exchange.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { parcelsOfMessage, parcelsOfPost } from '../events.ts'
import { findAccount, nextId } from '../network.ts'
import type { DirectMessage, Post } from '../network.ts'
import { deliverable } from '../world.ts'
import type { World } from '../world.ts'

const handle = z.string().regex(/^@?\w{1,30}$/, 'is a handle: letters, digits and _')
const mediaShape = z.strictObject({ name: z.string().min(1).max(200), base64: z.base64() })
const mediaList = z.array(mediaShape).max(4).default([])
const once = { copies: 1, twins: true, newEventIds: 0 }
const sending = {
  deliveries: deliveriesShape.default(once),
  negativeUuid: z.boolean().default(false),
  wait: z.boolean().default(false),
}

const postShape = z.strictObject({
  author: handle,
  text: z.string().min(1).max(25_000),
  media: mediaList,
  inReplyTo: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
  /** `false`: the events leave the addresses of the media out, and the bot has to ask. */
  mediaUrls: z.boolean().default(true),
  ...sending,
})

const messageShape = z.strictObject({
  from: handle,
  /** A handle, or a bot's name. */
  to: z.string().min(1),
  text: z.string().max(10_000).default(''),
  media: mediaList,
  ...sending,
})

const keyed = (world: World, media: z.infer<typeof mediaList>) =>
  media.map(({ name, base64 }) => ({
    key: `3_${nextId(world.network)}`,
    name,
    base64,
    mimetype: mimetypeOf(Buffer.from(base64, 'base64'), name),
  }))

/** What every account that the post concerns is told. */
const parcelsForPost = (world: World, post: Post): readonly Parcels[] =>
  world.apps.flatMap((app) => parcelsOfPost(world.network, post, app) ?? [])

const parcelsForMessage = (world: World, message: DirectMessage): readonly Parcels[] =>
  world.apps
    .filter(({ accountId }) => accountId === message.to.id)
    .map((app) => parcelsOfMessage(world.network, message, app))

const createPost = (world: World): Route => ({
  pattern: 'POST /_sim/posts',
  handle: async (exchange) => {
    const { author, deliveries, wait, inReplyTo, media, ...rest } = bodyOf(exchange, postShape)
    if (inReplyTo !== undefined && !world.network.posts.has(inReplyTo))
      throw new BadRequest('inReplyTo: there is no such post')
    const records = keyed(world, media)
    const id = nextId(world.network)
    const reply = inReplyTo === undefined ? {} : { inReplyTo }
    const { text, mediaUrls, negativeUuid } = rest
    const handleOnly = author.replace(/^@/, '')
    await world.ledger.record({
      method: '_sim/posts',
      id,
      author: handleOnly,
      text,
      media: records,
      mediaUrls,
      negativeUuid,
      ...reply,
    })
    const post = world.network.posts.get(id)
    if (post === undefined) throw new BadRequest('the simulator was reset meanwhile', 409)
    const parcels = parcelsForPost(world, post).flatMap((all) => planned(all, deliveries))
    const sent = await sendAll(world.courier, deliverable(world, parcels), wait)
    return json({ id, media: records.map(({ key }) => key), ...sent })
  },
})

function recipientOf(world: World, name: string): string {
  const bot = world.apps.find((app) => app.bot === name)
  if (bot !== undefined) return bot.handle
  const known = findAccount(world.network, name)?.handle ?? name.replace(/^@/, '')
  if (!handle.safeParse(known).success) throw new BadRequest('to: is a handle, or the name of a bot')
  return known
}

const createMessage = (world: World): Route => ({
  pattern: 'POST /_sim/messages',
  handle: async (exchange) => {
    const asked = bodyOf(exchange, messageShape)
    if (asked.text === '' && asked.media.length === 0) throw new BadRequest('text: needs words, or media')
    const media = keyed(world, asked.media)
    const id = nextId(world.network)
    const { text, negativeUuid } = asked
    const from = asked.from.replace(/^@/, '')
    const to = recipientOf(world, asked.to)
    await world.ledger.record({ method: '_sim/messages', id, from, to, text, media, negativeUuid })
    const message = world.network.messages.get(id)
    if (message === undefined) throw new BadRequest('the simulator was reset meanwhile', 409)
    const parcels = parcelsForMessage(world, message).flatMap((all) => planned(all, asked.deliveries))
    const sent = await sendAll(world.courier, deliverable(world, parcels), asked.wait)
    return json({ id, media: media.map(({ key }) => key), ...sent })
  },
})

const redeliverShape = z.strictObject({
  id: z.string(),
  newEventId: z.boolean().default(false),
  times: z.int().min(1).max(100).default(1),
  wait: z.boolean().default(false),
})

const redeliver = (world: World): Route => ({
  pattern: 'POST /_sim/redeliver',
  handle: async (exchange) => {
    const { id, newEventId, times, wait } = bodyOf(exchange, redeliverShape)
    const post = world.network.posts.get(id)
    const message = world.network.messages.get(id)
    const all = [...(post ? parcelsForPost(world, post) : []), ...(message ? parcelsForMessage(world, message) : [])]
    if (all.length === 0) throw new BadRequest('id: no post or message with that id was for a bot')
    const parcels = all.flatMap(({ primary }) => Array.from({ length: times }, () => primary(newEventId)))
    return json({ id, ...(await sendAll(world.courier, deliverable(world, parcels), wait)) })
  },
})

/** What people write, and what is said again by the platform. */
export const createRoutes = (world: World): readonly Route[] => [
  createPost(world),
  createMessage(world),
  redeliver(world),
]
