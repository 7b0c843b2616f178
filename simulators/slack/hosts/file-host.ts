import { bytes, html, redirect } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import type { StoredFile } from '../state/workspace.ts'
import { installed, isRevoked } from '../world.ts'
import type { World } from '../world.ts'

const loginPage =
  '<!DOCTYPE html><html lang="en-US"><head><title>Sign in | Slack</title></head><body><form method="post">Sign in to your workspace</form></body></html>'
const missingPage = '<!DOCTYPE html><html><head><title>File not found | Slack</title></head><body></body></html>'

/** `/files-pri/<team>-<file>/…` and `/files-tmb/<team>-<file>-<size>/…`. */
const filePath = /^\/files-(pri|tmb)\/([^-/]+)-([^-/]+)(?:-([^/]+))?\//

/** The page that a browser without a session sees; with a token that may not read, Slack sends clients there too. */
export const serveLogin = (): Reply => html(loginPage, { headers: { 'x-slack-meta': '?;acl_fail' } })

const isFileOrThumb = (path: string) => path.startsWith('/files-pri/') || path.startsWith('/files-tmb/')

export const isFileRequest = (exchange: Exchange): boolean =>
  exchange.host === 'files.slack.com' || isFileOrThumb(exchange.path)

async function thumbnail(file: StoredFile, size: number): Promise<Reply> {
  if (file.thumb !== undefined) return bytes(file.thumb, 'image/png')
  const { default: sharp } = await import('sharp')
  try {
    const edge = { width: size, height: size, fit: 'inside', withoutEnlargement: true } as const
    return bytes(await sharp(file.content).resize(edge).png().toBuffer(), 'image/png')
  } catch {
    // Slack has no thumbnail of what it cannot decode either.
    return html(missingPage, { status: 404 })
  }
}

/**
 * Serves a file's bytes to its workspace's bots that hold a token and `files:read`; anybody else is sent to the login page,
 * as Slack does [/messaging/working-with-files].
 */
export async function serveFile(world: World, exchange: Exchange): Promise<Reply> {
  const [, kind = '', team = '', id = '', size = ''] = filePath.exec(exchange.path) ?? []
  const file = world.workspace.files.get(id)
  const token = /^Bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
  const owner = world.apps.find((known) => known.botToken === token && known.team === team)
  const app = owner && !isRevoked(world, owner.bot) ? installed(world, owner) : undefined
  const login = `https://${(team || 'app').toLowerCase()}.slack.com/?redir=${encodeURIComponent(exchange.path)}`
  if (!app?.scopes.includes('files:read') || file?.mayRead === false) return redirect(login)
  if (file === undefined || file.gone) return html(missingPage, { status: 404 })
  return kind === 'tmb'
    ? thumbnail(file, Number(size))
    : bytes(file.content, file.mimetype || 'application/octet-stream')
}
