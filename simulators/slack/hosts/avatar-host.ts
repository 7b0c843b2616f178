import { createHash } from 'node:crypto'
import { bytes, html } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import { mimetypeOf } from '../../wire/mimetype.ts'
import type { Workspace } from '../state/workspace.ts'

/** Pictures that people have put into their profile, and those that Slack draws for everybody else. */
export const avatarHosts: readonly string[] = ['avatars.slack-edge.com', 'secure.gravatar.com']
const [customHost, standardHost] = avatarHosts
const sizes = [24, 32, 48, 72, 192, 512]

const hashOf = (content: Buffer | string) => createHash('sha256').update(content).digest('hex').slice(0, 12)

/** `image_24` … `image_512` of a profile; `is_custom_image` and `image_original` only when the person has put a picture there. */
export function avatarsOf(id: string, picture: Buffer | undefined): Readonly<Record<string, unknown>> {
  if (picture === undefined) {
    const hash = hashOf(id)
    const addresses = sizes.map((size) => [`image_${size}`, `https://${standardHost}/avatar/${hash}.png?s=${size}`])
    return { avatar_hash: hash, ...(Object.fromEntries(addresses) as object) }
  }
  const hash = hashOf(picture)
  const base = `https://${customHost}/2026-01-01/${id}_${hash}`
  const addresses = sizes.map((size) => [`image_${size}`, `${base}_${size}.png`])
  return {
    avatar_hash: hash,
    is_custom_image: true,
    image_original: `${base}_original.png`,
    ...(Object.fromEntries(addresses) as object),
  }
}

const missing = () => html('<!DOCTYPE html><title>Not found</title>', { status: 404 })

async function square(picture: Buffer, size: number): Promise<Reply> {
  const { default: sharp } = await import('sharp')
  try {
    return bytes(await sharp(picture).resize(size, size, { fit: 'cover' }).png().toBuffer(), 'image/png')
  } catch {
    return missing()
  }
}

/** One plain colour, from the address. */
async function drawn(hash: string, size: number): Promise<Reply> {
  const { default: sharp } = await import('sharp')
  const [r, g, b] = Buffer.from(hash.slice(0, 6), 'hex')
  const background = { r: r ?? 128, g: g ?? 128, b: b ?? 128 }
  const create = { width: size, height: size, channels: 3, background } as const
  return bytes(await sharp({ create }).png().toBuffer(), 'image/png')
}

/** Serves profile pictures to anybody, as Slack's hosts for them do. */
export function serveAvatar(workspace: Workspace, exchange: Exchange): Reply | Promise<Reply> {
  if (exchange.host === standardHost) {
    const [, hash] = /^\/avatar\/([0-9a-f]{12})\.png$/.exec(exchange.path) ?? []
    const size = Number(exchange.query.get('s') ?? 80)
    return hash === undefined || !sizes.includes(size) ? missing() : drawn(hash, size)
  }
  const [, id = '', hash, size] = /^\/[\d-]+\/([A-Z0-9]+)_([0-9a-f]{12})_(\d+|original)\.png$/.exec(exchange.path) ?? []
  const picture = workspace.people.get(id)?.picture
  if (picture === undefined || hashOf(picture) !== hash) return missing()
  return size === 'original' ? bytes(picture, mimetypeOf(picture, '')) : square(picture, Number(size))
}
