import { extname } from 'node:path'

const magic: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF....WEBP/s],
  ['image/svg+xml', /^\s*(?:<\?xml[^>]*>\s*)?<svg/],
  ['application/pdf', /^%PDF/],
]

const byName: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.html': 'text/html',
}

/** What a platform would call the content: by its first bytes, else by its name. */
export function mimetypeOf(content: Buffer, name: string): string {
  const head = content.toString('latin1', 0, 200)
  const found = magic.find(([, pattern]) => pattern.test(head))
  return found?.[0] ?? byName[extname(name).toLowerCase()] ?? 'application/octet-stream'
}

/** The extension of a picture's file, without the dot. */
export const extensionOf = (mimetype: string): string =>
  ({ 'image/png': 'png', 'image/gif': 'gif', 'image/webp': 'webp' })[mimetype] ?? 'jpg'
