import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { parcelOfRateLimit } from '../events.ts'
import { limitShape } from '../limits.ts'
import { verifyUrl } from '../webhook.ts'
import type { World } from '../world.ts'
import { appOf } from './messages.ts'

const fileShape = z.strictObject({ id: z.string(), gone: z.boolean() })
const channelShape = z.strictObject({
  channel: z.string().regex(/^[CDG][A-Z0-9]+$/),
  archived: z.boolean().default(false),
  members: z.array(z.string()).default([]),
})
const botShape = z.strictObject({ bot: z.string() })

const stateRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/files',
    handle: async (exchange) => {
      const { id, gone } = bodyOf(exchange, fileShape)
      if (!world.workspace.files.has(id)) throw new BadRequest('id: there is no such file')
      await world.ledger.record({ method: '_sim/files', id, gone })
      return json({ id, gone })
    },
  },
  {
    pattern: 'POST /_sim/channels',
    handle: async (exchange) => {
      const asked = bodyOf(exchange, channelShape)
      for (const bot of asked.members) appOf(world, bot)
      await world.ledger.record({ method: '_sim/channels', ...asked })
      return json(asked)
    },
  },
  {
    pattern: 'POST /_sim/limits',
    handle: (exchange) => {
      const settings = bodyOf(exchange, limitShape)
      world.limit.set(settings)
      return json(settings)
    },
  },
]

const handshakeRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/verify-url',
    handle: async (exchange) => json(await verifyUrl(appOf(world, bodyOf(exchange, botShape).bot))),
  },
  {
    pattern: 'POST /_sim/rate-limited',
    handle: async (exchange) => {
      const app = appOf(world, bodyOf(exchange, botShape).bot)
      return json({ delivery: await world.courier.deliver(parcelOfRateLimit(app)) })
    },
  },
]

/** The state of the workspace, the platform's limits, and what Slack sends besides messages. */
export const workspaceRoutes = (world: World): readonly Route[] => [...stateRoutes(world), ...handshakeRoutes(world)]
