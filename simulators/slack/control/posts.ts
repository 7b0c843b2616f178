import { botIdOf } from '../apps.ts'
import { json } from '../../wire/exchange.ts'
import type { Route } from '../../wire/routes.ts'
import { permalinkOf } from '../state/present.ts'
import { microsOf } from '../state/workspace.ts'
import type { Message } from '../state/workspace.ts'
import type { World } from '../world.ts'

/** A message as the control side shows it. `user` is its author, or of an ephemeral one the person who sees it. */
export function visible(world: Pick<World, 'apps'>, message: Message) {
  const app = world.apps.find(({ bot }) => bot === message.bot)
  const { ts, channel, text, threadTs, metadata, editedTs, files, at, bot, blocks, viewer, reactions } = message
  const user = message.user ?? viewer
  return {
    ts,
    channel,
    ...(bot !== undefined && { bot, bot_id: app && botIdOf(app) }),
    ...(user !== undefined && { user }),
    ...(viewer !== undefined && { ephemeral: true }),
    text,
    ...(blocks !== undefined && { blocks }),
    ...(threadTs !== undefined && { thread_ts: threadTs, threadTs }),
    ...(metadata && { metadata }),
    ...(editedTs !== undefined && { edited: editedTs }),
    ...(files.length > 0 && { files: files.map(({ id, name, mimetype }) => ({ id, name, mimetype })) }),
    ...(reactions.length > 0 && { reactions }),
    permalink: permalinkOf(message, world.apps[0]?.team ?? ''),
    at,
  }
}

/** `since` is a `ts`, or an ISO 8601 time. */
function after(since: string | null): (message: Message) => boolean {
  if (since === null || since === '') return () => true
  if (/^\d+(?:\.\d+)?$/.test(since)) return ({ ts }) => microsOf(ts) > microsOf(since)
  return ({ at }) => at >= since
}

/** Everything that can be seen, in order. */
export const postRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'GET /_sim/posts',
    handle: ({ query }) => {
      const channel = query.get('channel')
      const isAfter = after(query.get('since'))
      const all =
        channel === null ? world.workspace.messages : (world.workspace.conversations.get(channel)?.messages ?? [])
      return json({ posts: all.filter(isAfter).map((message) => visible(world, message)) })
    },
  },
]
