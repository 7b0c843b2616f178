import { json } from '../../wire/exchange.ts'
import type { Changes } from '../../wire/page/changes.ts'
import { pageRoutes, uploadedFile } from '../../wire/page/serve.ts'
import type { Route } from '../../wire/routes.ts'
import type { World } from '../world.ts'

const folder = new URL('./', import.meta.url)

/** Who is there before anybody has written. */
const firstPeople = ['ada', 'ben', 'chloe', 'dmitri']

function people(world: World): readonly string[] {
  const bots = new Set(world.apps.map(({ accountId }) => accountId))
  const known = [...world.network.accounts.values()].filter(({ id }) => !bots.has(id)).map(({ handle }) => handle)
  const names = new Map([...firstPeople, ...known].map((handle) => [handle.toLowerCase(), handle]))
  return [...names.values()]
}

/** The page at `/` where a person in a browser is one of several people on X, and what it alone needs. */
export const chatPageRoutes = (world: World, changes: Changes): readonly Route[] => [
  ...pageRoutes(folder, '/x/page'),
  { pattern: 'GET /_sim/stream', handle: changes.stream },
  {
    pattern: 'GET /_sim/accounts',
    handle: () => json({ bots: world.apps.map(({ bot, handle }) => ({ bot, handle })), people: people(world) }),
  },
  {
    pattern: 'GET /_sim/media/:key',
    handle: (_exchange, { key = '' }) => {
      const media = world.network.media.get(key)
      if (media === undefined || media.gone) return json({ error: 'not found' }, { status: 404 })
      return uploadedFile(media.content, media.mimetype)
    },
  },
]
