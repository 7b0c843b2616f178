import { bytes, json } from '../wire/exchange.ts'
import type { Exchange, Reply } from '../wire/exchange.ts'
import { accountOf } from './oauth.ts'
import { downloads } from './api/endpoints.ts'
import { unauthorized } from './problems.ts'
import type { World } from './world.ts'

const missing = (): Reply => json({ error: 'not found' }, { status: 404 })

const postMedia = /^\/media\/(\d+_\d+)\.(?:png|jpg|gif|webp)$/
const directMedia = /^\/1\.1\/ton\/data\/dm\/(\d+)\/(\d+)\/[^/]+$/

function servePostMedia(world: World, exchange: Exchange): Reply {
  const key = postMedia.exec(exchange.path)?.[1] ?? ''
  const inPost = [...world.network.posts.values()].some((post) => post.media.some((media) => media.key === key))
  const media = world.network.media.get(key)
  return !inPost || media === undefined || media.gone ? missing() : bytes(media.content, media.mimetype)
}

function serveDirectMedia(world: World, exchange: Exchange): Reply {
  const app = accountOf(world.apps, exchange, { host: 'ton.twitter.com' })
  if (app === undefined) return unauthorized()
  const [, messageId = '', mediaId = ''] = directMedia.exec(exchange.path) ?? []
  const message = world.network.messages.get(messageId)
  if (message === undefined || ![message.from.id, message.to.id].includes(app.accountId)) return missing()
  const media = message.media.find(({ key }) => key.endsWith(`_${mediaId}`))
  return media === undefined || media.gone ? missing() : bytes(media.content, media.mimetype)
}

/** `https://pbs.twimg.com`: pictures of posts, for everybody. */
export const postMediaHost = (world: World, exchange: Exchange): Promise<Reply> =>
  world.faults.around(
    (method) => method === downloads.posts,
    () => Promise.resolve(servePostMedia(world, exchange)),
  )

/** `https://ton.twitter.com`: pictures of direct messages, for its two accounts with an OAuth 1.0a signature. */
export const directMediaHost = (world: World, exchange: Exchange): Promise<Reply> =>
  world.faults.around(
    (method) => method === downloads.messages,
    () => Promise.resolve(serveDirectMedia(world, exchange)),
  )
