import { createHash } from 'node:crypto'
import type { Parcels } from '../wire/control.ts'
import type { Parcel, Subject } from '../wire/courier.ts'
import type { XApp } from './apps.ts'
import { nextId } from './network.ts'
import type { Account, DirectMessage, Network, Post } from './network.ts'
import { directMediaUrl, mediaId, mediaObject, postMediaUrl, postObject, userObject } from './present.ts'
import { mentionsHandle } from './rules.ts'

type Json = Readonly<Record<string, unknown>>

interface XEvent {
  readonly type: string
  readonly uuid: string
  readonly payload: Json
  readonly includes: Json
  readonly subject: Subject
}

/** The envelope of the X Activity API [activity/*.mdx]. */
const parcel = (app: XApp, event: XEvent): Parcel => ({
  bot: app.bot,
  url: app.webhookUrl,
  eventId: event.uuid,
  type: event.type,
  subject: event.subject,
  body: Buffer.from(
    JSON.stringify({
      data: {
        event_uuid: event.uuid,
        filter: { user_id: app.accountId },
        event_type: event.type,
        tag: app.bot,
        payload: event.payload,
        includes: event.includes,
      },
    }),
  ),
})

const distinct = (accounts: readonly Account[]) =>
  [...new Map(accounts.map((account) => [account.id, account])).values()].map(userObject)

function postIncludes(network: Network, post: Post): Json {
  const parent = post.inReplyTo === undefined ? undefined : network.posts.get(post.inReplyTo)
  const media = post.media.map((one) => mediaObject(one, post.mediaUrls ? postMediaUrl(one) : undefined))
  return {
    users: distinct([post.author, ...(parent ? [parent.author] : [])]),
    tweets: parent ? [postObject(network, parent)] : [],
    ...(media.length > 0 && { media }),
  }
}

const postParcel = (
  network: Network,
  post: Post,
  event: { readonly app: XApp; readonly type: string; readonly uuid: string },
) =>
  parcel(event.app, {
    type: event.type,
    uuid: event.uuid,
    payload: postObject(network, post),
    includes: postIncludes(network, post),
    subject: { postId: post.id },
  })

/**
 * The events of one person's post for one account: a mention when the text @mentions it, a reply when it answers a post of the
 * account's. Both carry one `event_uuid`, the post's id (negative on demand). `undefined` when the post is none of its business.
 */
export function parcelsOfPost(network: Network, post: Post, app: XApp): Parcels | undefined {
  const parent = post.inReplyTo === undefined ? undefined : network.posts.get(post.inReplyTo)
  const types = [
    ...(mentionsHandle(post.text, app.handle) ? ['post.mention.create'] : []),
    ...(parent?.author.id === app.accountId ? ['post.reply.create'] : []),
  ]
  const [first, ...others] = types
  if (first === undefined || post.author.id === app.accountId) return undefined
  const sign = post.negativeUuid ? '-' : ''
  const make = (type: string, uuid: string) => postParcel(network, post, { app, type, uuid: sign + uuid })
  return {
    primary: (again) => make(first, again ? nextId(network) : post.id),
    twins: others.map((type) => make(type, post.id)),
  }
}

/** The account's own post comes back to it as an event. */
export const parcelOfOwnPost = (network: Network, post: Post, app: XApp): Parcel =>
  postParcel(network, post, { app, type: 'post.create', uuid: post.id })

/** The v1.1 shape of a direct message, which the Activity API kept. */
function directPayload(message: DirectMessage): Json {
  const [media] = message.media
  const url = media && directMediaUrl(message.id, media)
  const attachment = media && {
    type: 'media',
    media: {
      id: Number(mediaId(media)),
      id_str: mediaId(media),
      media_url: url,
      media_url_https: url,
      type: media.mimetype === 'image/gif' ? 'animated_gif' : 'photo',
    },
  }
  const created = `${Date.parse(message.at)}`
  const user = ({ id, handle }: Account) => [
    id,
    { id, name: handle, screen_name: handle, created_timestamp: '1300000000000' },
  ]
  return {
    direct_message_events: [
      {
        type: 'message_create',
        id: message.id,
        created_timestamp: created,
        message_create: {
          target: { recipient_id: message.to.id },
          sender_id: message.from.id,
          message_data: {
            text: message.text,
            entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
            ...(attachment && { attachment }),
          },
        },
      },
    ],
    users: Object.fromEntries([user(message.from), user(message.to)]) as Json,
  }
}

/** A signed 64-bit number as text, the same after a restart. */
function directUuid(message: DirectMessage): string {
  const positive = BigInt(`0x${createHash('sha256').update(message.id).digest('hex').slice(0, 15)}`)
  return `${message.negativeUuid ? '-' : ''}${positive}`
}

const directParcel = (
  message: DirectMessage,
  event: { readonly app: XApp; readonly type: string; readonly uuid: string },
) =>
  parcel(event.app, {
    type: event.type,
    uuid: event.uuid,
    payload: directPayload(message),
    includes: { users: distinct([message.from, message.to]) },
    subject: { messageId: message.id },
  })

/** The event of a direct message for the account that receives it. */
export const parcelsOfMessage = (network: Network, message: DirectMessage, app: XApp): Parcels => ({
  primary: (again) =>
    directParcel(message, { app, type: 'dm.received', uuid: again ? nextId(network) : directUuid(message) }),
  twins: [],
})

/** The account's own direct message comes back to it as an event. */
export const parcelOfOwnMessage = (message: DirectMessage, app: XApp): Parcel =>
  directParcel(message, { app, type: 'dm.sent', uuid: directUuid(message) })
