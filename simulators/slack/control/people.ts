import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { uploadedFile } from '../../wire/page/serve.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { directChannelOf } from '../state/ids.ts'
import type { World } from '../world.ts'
import { appOf, userId } from './find.ts'

const personShape = z.strictObject({
  user: userId,
  name: z.string().min(1).max(80).optional(),
  /** Base64; empty: takes the picture away. */
  picture: z.union([z.base64(), z.literal('')]).optional(),
})
const directShape = z.strictObject({ bot: z.string(), user: userId })

function described(world: World) {
  const { workspace, apps } = world
  const userIdOf = (bot: string) => apps.find((app) => app.bot === bot)?.botUserId ?? bot
  return {
    team: apps[0]?.team ?? '',
    channels: [...workspace.conversations.values()].map(({ id, name, members, people, archived }) => ({
      id,
      name,
      members: [...people, ...[...members].map(userIdOf)],
      archived,
    })),
    people: [...workspace.people.values()].map(({ id, name, picture }) => ({
      id,
      name,
      picture: picture !== undefined,
    })),
    bots: apps.map(({ bot, botUserId, commands, shortcuts }) => ({
      bot,
      userId: botUserId,
      name: bot,
      commands,
      shortcuts,
    })),
  }
}

/** Who and what there is in the workspace. */
export const peopleRoutes = (world: World): readonly Route[] => [
  { pattern: 'GET /_sim/workspace', handle: () => json(described(world)) },
  { pattern: 'GET /_sim/stream', handle: () => world.changes.stream() },
  {
    pattern: 'POST /_sim/people',
    handle: async (exchange) => {
      const { user, name, picture } = bodyOf(exchange, personShape)
      const given = { ...(name !== undefined && { name }), ...(picture !== undefined && { picture }) }
      await world.ledger.record({ method: '_sim/people', user, ...given })
      const person = world.workspace.people.get(user)
      return json({ id: user, name: person?.name, picture: person?.picture !== undefined })
    },
  },
  {
    pattern: 'GET /_sim/people/:user/picture',
    handle: (_exchange, { user = '' }) => {
      const picture = world.workspace.people.get(user)?.picture
      if (picture === undefined) throw new BadRequest('this person has no picture', 404)
      return uploadedFile(picture, mimetypeOf(picture, ''))
    },
  },
  {
    pattern: 'POST /_sim/dm',
    handle: async (exchange) => {
      const { bot, user } = bodyOf(exchange, directShape)
      const channel = directChannelOf(appOf(world, bot).bot, user)
      if (!world.workspace.conversations.has(channel))
        await world.ledger.record({ method: '_sim/dm', bot, user, channel })
      return json({ channel })
    },
  },
]
