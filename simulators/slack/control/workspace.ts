import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import { uploadedFile } from '../../wire/page/serve.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import { parcelOfLifecycle, parcelOfRateLimit } from '../delivery/events.ts'
import { limitShape } from '../limits.ts'
import { verifyUrl } from '../delivery/webhook.ts'
import type { World } from '../world.ts'
import { appOf, channelId } from './find.ts'

const fileShape = z.strictObject({ id: z.string(), gone: z.boolean() })
const channelShape = z.strictObject({
  channel: channelId,
  name: z.string().min(1).max(80).optional(),
  archived: z.boolean().default(false),
  /** Bots that come in, by name. */
  members: z.array(z.string()).default([]),
  /** Bots, by name, and people, by id, that go. */
  left: z.array(z.string()).default([]),
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
    pattern: 'GET /_sim/files/:id',
    handle: (_exchange, { id = '' }) => {
      const file = world.workspace.files.get(id)
      if (file === undefined || file.gone) throw new BadRequest('id: there is no such file', 404)
      return uploadedFile(file.content, file.mimetype || mimetypeOf(file.content, file.name))
    },
  },
  {
    pattern: 'POST /_sim/channels',
    handle: async (exchange) => {
      const asked = bodyOf(exchange, channelShape)
      for (const bot of asked.members) appOf(world, bot)
      const { name, ...rest } = asked
      await world.ledger.record({ method: '_sim/channels', ...rest, ...(name !== undefined && { name }) })
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

const appShape = z.strictObject({
  bot: z.string(),
  revoked: z.boolean().optional(),
  missingScopes: z.array(z.string()).optional(),
})
const lifecycleShape = z.strictObject({ bot: z.string(), type: z.enum(['tokens_revoked', 'app_uninstalled']) })

async function setInstallation(world: World, { bot, revoked, missingScopes }: z.infer<typeof appShape>) {
  const before = world.workspace.installations.get(appOf(world, bot).bot)
  const after = {
    revoked: revoked ?? before?.revoked ?? false,
    missingScopes: [...(missingScopes ?? before?.missingScopes ?? [])],
  }
  await world.ledger.record({ method: '_sim/apps', bot, ...after })
  return { bot, ...after }
}

/** What an app may still do, and the end of its installation. */
const installationRoutes = (world: World): readonly Route[] => [
  {
    pattern: 'POST /_sim/apps',
    handle: async (exchange) => json(await setInstallation(world, bodyOf(exchange, appShape))),
  },
  {
    pattern: 'POST /_sim/lifecycle',
    handle: async (exchange) => {
      const { bot, type } = bodyOf(exchange, lifecycleShape)
      await setInstallation(world, { bot, revoked: true })
      return json({ delivery: await world.courier.deliver(parcelOfLifecycle(appOf(world, bot), type)) })
    },
  },
  {
    /** Every trigger and every address for answers is too old from now on. */
    pattern: 'POST /_sim/expire',
    handle: async () => {
      await world.ledger.record({ method: '_sim/expire' })
      return json({ ok: true })
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
export const workspaceRoutes = (world: World): readonly Route[] => [
  ...stateRoutes(world),
  ...installationRoutes(world),
  ...handshakeRoutes(world),
]
