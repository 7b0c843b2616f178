import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { bytes, html, json } from './exchange.ts'
import type { Exchange, Reply } from './exchange.ts'
import { mimetypeOf } from './mimetype.ts'

/** What `pictures.example` serves at one path: the host of every link that a person types. */
export const pictureShape = z.strictObject({
  path: z.string().startsWith('/').max(1000),
  /** The content; with `bytes` it comes first and the rest is zeros. */
  base64: z.base64().optional(),
  mimetype: z.string().max(200).optional(),
  status: z.int().min(200).max(599).default(200),
  /** 302 to there, whatever else is said. */
  redirectTo: z.string().max(4000).optional(),
  /** Sends this many bytes. */
  bytes: z.int().min(0).max(10_000_000_000).optional(),
  /** With `bytes`: without a content-length, so that only counting tells how much it is. */
  chunked: z.boolean().default(false),
  /** A page instead of a picture. */
  html: z.union([z.boolean(), z.string()]).default(false),
  /** Waits before the first byte, in milliseconds. */
  delayMs: z.int().min(0).max(600_000).default(0),
})
export type Picture = z.infer<typeof pictureShape>

const zeros = Buffer.alloc(64 * 1024)
const loginPage = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Password</form></body></html>'

async function drip(response: ServerResponse, head: Buffer, total: number): Promise<void> {
  let left = total
  for (let part = head.subarray(0, left); left > 0; part = zeros.subarray(0, Math.min(left, zeros.length))) {
    if (response.destroyed) return
    left -= part.length
    if (part.length > 0 && !response.write(part))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

function replyOf(picture: Picture): Reply {
  const { status } = picture
  if (picture.redirectTo !== undefined)
    return {
      kind: 'whole',
      status: status >= 300 && status < 400 ? status : 302,
      headers: { location: picture.redirectTo },
      body: '',
    }
  if (picture.html !== false) return html(picture.html === true ? loginPage : picture.html, { status })
  const content = Buffer.from(picture.base64 ?? '', 'base64')
  const mimetype = picture.mimetype ?? mimetypeOf(content, picture.path)
  const total = picture.bytes
  if (total === undefined) return bytes(content, mimetype, status)
  const length = picture.chunked ? {} : { 'content-length': `${total}` }
  return {
    kind: 'stream',
    write: (response) => {
      response.writeHead(status, { 'content-type': mimetype, ...length })
      return drip(response, content, total)
    },
  }
}

/** Serves what was registered for the path; 404 for anything else. */
export async function servePicture(pictures: ReadonlyMap<string, Picture>, exchange: Exchange): Promise<Reply> {
  const picture = pictures.get(exchange.path)
  if (picture === undefined) return json({ error: 'not found' }, { status: 404 })
  if (picture.delayMs > 0) await sleep(picture.delayMs, undefined, { ref: false })
  return replyOf(picture)
}
