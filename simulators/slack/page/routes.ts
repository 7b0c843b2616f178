import { BadRequest } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import { pageRoutes, uploadedFile } from '../../wire/page/serve.ts'
import { servePicture } from '../../wire/pictures.ts'
import type { Route } from '../../wire/routes.ts'
import { avatarHosts, serveAvatar } from '../hosts/avatar-host.ts'
import type { World } from '../world.ts'

const folder = new URL('./', import.meta.url)

/** What this simulator serves under that address; a browser does not know its hosts, and the page may ask no others. */
function hosted(world: World, exchange: Exchange): Reply | Promise<Reply> | undefined {
  const address = exchange.query.get('url') ?? ''
  if (!URL.canParse(address)) return undefined
  const { hostname: host, pathname: path, searchParams: query } = new URL(address)
  const asked = { ...exchange, host, path, query }
  if (host === 'pictures.example') return servePicture(world.workspace.pictures, asked)
  return avatarHosts.includes(host) ? serveAvatar(world.workspace, asked) : undefined
}

async function servePictureOf(world: World, exchange: Exchange): Promise<Reply> {
  const reply = await hosted(world, exchange)
  const type = reply?.kind === 'whole' && reply.status === 200 ? (reply.headers['content-type'] ?? '') : ''
  if (reply?.kind !== 'whole' || !type.startsWith('image/'))
    throw new BadRequest('url: this simulator has no picture there', 404)
  return uploadedFile(Buffer.from(reply.body), type)
}

/** The page at `/` where a person in a browser is one of several people in the workspace. */
export const chatPageRoutes = (world: World): readonly Route[] => [
  ...pageRoutes(folder, '/slack/page'),
  { pattern: 'GET /_sim/hosted', handle: (exchange) => servePictureOf(world, exchange) },
]
