import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { limitShape } from '../limits.ts'
import { findAccount } from '../network.ts'
import type { DirectMessage, Post } from '../network.ts'
import { runCrc } from '../webhook.ts'
import type { World } from '../world.ts'

const visiblePost = ({ id, text, author, inReplyTo, at, media }: Post) => ({
  id,
  text,
  author: author.handle,
  authorId: author.id,
  ...(inReplyTo !== undefined && { inReplyTo }),
  ...(media.length > 0 && { media: media.map(({ key, gone }) => ({ key, gone })) }),
  createdAt: at,
})

const visibleMessage = ({ id, from, to, text, at, media }: DirectMessage) => ({
  id,
  from: from.handle,
  to: to.handle,
  text,
  ...(media.length > 0 && { media: media.map(({ key }) => ({ key })) }),
  at,
})

/** The id of the account that is asked about: `undefined` for all, `''` for one that there is not. */
function accountAsked(world: World, query: URLSearchParams): string | undefined {
  const asked = query.get('account')
  if (asked === null || asked === '') return undefined
  const bot = world.apps.find((app) => app.bot === asked)
  return bot?.accountId ?? findAccount(world.network, asked)?.id ?? ''
}

/** `since` is an id, or an ISO 8601 time. */
function after(query: URLSearchParams): (entry: { readonly id: string; readonly at: string }) => boolean {
  const since = query.get('since') ?? ''
  if (since === '') return () => true
  return /^\d+$/.test(since) ? ({ id }) => BigInt(id) > BigInt(since) : ({ at }) => at >= since
}

const readRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'GET /_sim/posts',
    handle: ({ query }) => {
      const account = accountAsked(world, query)
      const isAfter = after(query)
      const all = [...world.network.posts.values()].filter(
        ({ author }) => account === undefined || author.id === account,
      )
      return json({ posts: all.filter(isAfter).map(visiblePost) })
    },
  },
  {
    pattern: 'GET /_sim/messages',
    handle: ({ query }) => {
      const account = accountAsked(world, query)
      const isAfter = after(query)
      const all = [...world.network.messages.values()].filter(
        ({ from, to }) => account === undefined || from.id === account || to.id === account,
      )
      return json({ messages: all.filter(isAfter).map(visibleMessage) })
    },
  },
]

const mediaShape = z.strictObject({ key: z.string().optional(), postId: z.string().optional(), gone: z.boolean() })
const crcShape = z.strictObject({ bot: z.string().optional() })

function keysOf(world: World, asked: z.infer<typeof mediaShape>): readonly string[] {
  if (asked.key !== undefined && world.network.media.has(asked.key)) return [asked.key]
  const holder = world.network.posts.get(asked.postId ?? '') ?? world.network.messages.get(asked.postId ?? '')
  if (holder === undefined) throw new BadRequest('key or postId: there is no such media')
  return holder.media.map(({ key }) => key)
}

/** Runs the CRC of one bot's webhook and remembers whether X may deliver to it. */
export async function checkWebhook(world: World, bot: string) {
  const app = world.apps.find((known) => known.bot === bot)
  if (app === undefined)
    throw new BadRequest(
      `bot: there is none of that name; there are: ${world.apps.map((known) => known.bot).join(', ')}`,
    )
  const { invalid, ...result } = await runCrc(app)
  if (invalid) world.invalid.add(bot)
  if (result.passed) world.invalid.delete(bot)
  return { bot, ...result, valid: !world.invalid.has(bot) }
}

const changeRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/media',
    handle: async (exchange) => {
      const asked = bodyOf(exchange, mediaShape)
      const keys = keysOf(world, asked)
      await Promise.all(keys.map((key) => world.ledger.record({ method: '_sim/media', key, gone: asked.gone })))
      return json({ keys, gone: asked.gone })
    },
  },
  {
    pattern: 'POST /_sim/crc',
    handle: async (exchange) => {
      const bot = bodyOf(exchange, crcShape).bot ?? world.apps[0]?.bot ?? ''
      return json(await checkWebhook(world, bot))
    },
  },
  {
    pattern: 'POST /_sim/limits',
    handle: (exchange) => {
      const settings = bodyOf(exchange, limitShape)
      world.limits.set(settings)
      return json(settings)
    },
  },
  // The key of an app is a secret, and no count holds it.
  { pattern: 'GET /_sim/limits', handle: () => json({ calls: world.limits.counts() }) },
]

/** What can be seen, and what tests change. */
export const networkRoutes = (world: World): readonly Route[] => [...readRoutes(world), ...changeRoutes(world)]
