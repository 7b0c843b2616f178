import { readFile } from 'node:fs/promises'
import { bytes, json } from '../exchange.ts'
import type { Reply } from '../exchange.ts'
import type { Route } from '../routes.ts'

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Nothing but this server's own files and calls, so that no text of a message can ever become a script or a request elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const guarded = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

const missing = (): Reply => json({ error: 'not found' }, { status: 404 })

async function serveFile(folder: URL, name: string): Promise<Reply> {
  const [, extension = ''] = /^[a-z][a-z-]*\.(html|css|js|svg)$/.exec(name) ?? []
  const type = types[extension]
  if (type === undefined) return missing()
  try {
    const body = await readFile(new URL(name, folder))
    return { kind: 'whole', status: 200, headers: { ...guarded, 'content-type': type }, body }
  } catch {
    return missing()
  }
}

const shared = new URL('./', import.meta.url)

/**
 * The routes of a chat page: `GET /` and the files of its folder and of the shared one, under the paths that they have in the
 * source, so that their imports need no translation.
 * @param folder the page's own folder, with `index.html`.
 * @param at that folder's path as the browser sees it: `/slack/page`.
 */
export const pageRoutes = (folder: URL, at: string): readonly Route[] => [
  { pattern: 'GET /', handle: () => serveFile(folder, 'index.html') },
  { pattern: `GET ${at}/:file`, handle: (_exchange, { file = '' }) => serveFile(folder, file) },
  { pattern: 'GET /wire/page/:file', handle: (_exchange, { file = '' }) => serveFile(shared, file) },
]

/**
 * A file that a person or a bot has put into a conversation, for showing on the page. Pictures are shown, anything else is
 * downloaded; opened by itself it may run nothing (an SVG could).
 */
export function uploadedFile(content: Buffer, mimetype: string): Reply {
  const isPicture = /^image\/[\w.+-]+$/.test(mimetype)
  const reply = bytes(content, isPicture ? mimetype : 'application/octet-stream')
  if (reply.kind !== 'whole') return reply
  const headers = {
    ...reply.headers,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    ...(!isPicture && { 'content-disposition': 'attachment' }),
  }
  return { ...reply, headers }
}
