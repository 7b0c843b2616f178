import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import { z } from 'zod'
import type { PictureDownload } from '../../../domain/channel.ts'
import { InputRefused, ServiceUnavailable } from '../../../domain/errors.ts'
import type { InboundMessage, PictureRef } from '../../../domain/inbound.ts'
import type { XApi } from './api.ts'
import type { XAccess } from './client.ts'
import { readFailureOf, saysGone } from './failures.ts'

/** Pictures of posts are public; those of direct messages need the account's signature. */
const publicHost = 'pbs.twimg.com'
const privateHost = 'ton.twitter.com'

const media = z.object({ media_key: z.string(), type: z.string(), url: z.string().nullish() })
const lookUp = z.object({
  data: z.unknown().optional(),
  includes: z.object({ media: z.array(media).nullish() }).nullish(),
  errors: z
    .array(z.object({ type: z.string().catch('') }))
    .nullish()
    .catch(undefined),
})

const expansions = { expansions: 'attachments.media_keys', 'media.fields': 'url,type' }

function question({ address, pictures, subject }: InboundMessage) {
  if (pictures.length === 0 && subject?.kind === 'x-post')
    return { path: `tweets/${subject.postId}`, query: expansions }
  if (address.kind === 'x-post') return { path: `tweets/${address.postId}`, query: expansions }
  if (address.kind === 'x-direct')
    return { path: `dm_events/${address.messageId}`, query: { 'dm_event.fields': 'attachments', ...expansions } }
  throw new TypeError(`not an address on X: ${address.kind}`)
}

/** X says with 200 and no data that a post was deleted or became private. */
const goneTypes = /(?:resource-not-found|not-authorized-for-resource)$/

async function ask(api: XApi, message: InboundMessage): Promise<readonly z.infer<typeof media>[]> {
  const { path, query } = question(message)
  const answer = await api.get(path, query).catch((error: unknown) => {
    throw saysGone(error) ? new InputRefused('gone') : readFailureOf(error)
  })
  const parsed = lookUp.safeParse(answer)
  if (!parsed.success) throw new ServiceUnavailable('x', 'the media cannot be read')
  const { data, includes, errors } = parsed.data
  if (data) return includes?.media ?? []
  if (errors?.some(({ type }) => goneTypes.test(type)) === true) throw new InputRefused('gone')
  throw new ServiceUnavailable('x', 'the answer has no data')
}

/** The message's pictures with an address each; what turns out to be no photo is left out. */
async function addressed(api: XApi, message: InboundMessage): Promise<readonly string[]> {
  if (message.pictures.length === 0) {
    const answered = message.subject?.kind === 'x-post' ? await ask(api, message) : []
    return answered.flatMap(({ type, url }) => (type === 'photo' && url ? [url] : []))
  }
  const complete = message.pictures.flatMap(({ url }) => url ?? [])
  if (complete.length === message.pictures.length) return complete
  const known = await ask(api, message)
  return message.pictures.flatMap((picture: PictureRef) => {
    if (picture.url !== undefined) return [picture.url]
    const found = known.find((each) => each.media_key === picture.id || each.media_key.endsWith(`_${picture.id}`))
    if (found === undefined) throw new InputRefused('gone')
    if (found.type !== 'photo') return []
    if (!found.url) throw new ServiceUnavailable('x', 'the photo has no address yet')
    return [found.url]
  })
}

function signatureFor(url: string, credentials: XAccess): PictureDownload['headers'] {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = credentials
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  })
  const signed = oauth.authorize({ url, method: 'GET' }, { key: accessToken, secret: accessTokenSecret })
  return { authorization: oauth.toHeader(signed).Authorization }
}

function requestFor(address: string, credentials: XAccess): PictureDownload {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    throw new InputRefused('forbidden-address')
  if (url.hostname === publicHost) return { url: url.href, headers: {} }
  // The signature covers the query as the client decodes it; X's addresses have none, and a broken one would throw.
  if (url.hostname !== privateHost || url.search !== '') throw new InputRefused('forbidden-address')
  return { url: url.href, headers: signatureFor(url.href, credentials) }
}

/**
 * How to fetch the photos of a message. Addresses that the event left out are asked for once.
 * @throws InputRefused `forbidden-address` for another host than X's two, `gone` when the post or its photo is no more.
 * @throws ServiceUnavailable when X had to be asked and could not be.
 */
export async function xPictures(
  api: XApi,
  credentials: XAccess,
  message: InboundMessage,
): Promise<readonly PictureDownload[]> {
  const urls = await addressed(api, message)
  return urls.map((url) => requestFor(url, credentials))
}
