import { extensionOf } from '../wire/mimetype.ts'
import type { Account, DirectMessage, Media, Network, Post } from './network.ts'

type Json = Readonly<Record<string, unknown>>

/** Where a post's picture is: public, without any key. */
export const postMediaUrl = (media: Media): string =>
  `https://pbs.twimg.com/media/${media.key}.${extensionOf(media.mimetype)}`

export const mediaId = (media: Media): string => media.key.split('_')[1] ?? ''

/** The last part of the address of a direct message's picture. */
const resourceName = (media: Media): string =>
  `${media.name.replace(/\.\w+$/, '').replaceAll(/[^\w-]+/g, '_')}.${extensionOf(media.mimetype)}`

/** Where a direct message's picture is: only for its two people, with a signature. */
export const directMediaUrl = (messageId: string, media: Media): string =>
  `https://ton.twitter.com/1.1/ton/data/dm/${messageId}/${mediaId(media)}/${resourceName(media)}`

export const userObject = ({ id, handle }: Account): Json => ({ id, name: handle, username: handle })

/** A media object; `url` only where it is to be told. */
export const mediaObject = (media: Media, url: string | undefined): Json => ({
  media_key: media.key,
  type: media.mimetype === 'image/gif' ? 'animated_gif' : 'photo',
  ...(url !== undefined && { url }),
})

function mentionEntities(network: Network, text: string) {
  return [...text.matchAll(/(?<![\w@])@(\w{1,30})/g)].flatMap((found) => {
    const account = network.accounts.get((found[1] ?? '').toLowerCase())
    return account
      ? [{ start: found.index, end: found.index + found[0].length, username: account.handle, id: account.id }]
      : []
  })
}

/** A post with every field that the simulator knows, as in the v2 Post object. */
export function postObject(network: Network, post: Post): Json {
  const parent = post.inReplyTo === undefined ? undefined : network.posts.get(post.inReplyTo)
  const editableUntil = new Date(Date.parse(post.at) + 3_600_000).toISOString()
  return {
    id: post.id,
    text: post.text,
    edit_history_tweet_ids: [post.id],
    author_id: post.author.id,
    created_at: post.at,
    conversation_id: post.conversationId,
    ...(post.inReplyTo !== undefined && {
      in_reply_to_tweet_id: post.inReplyTo,
      referenced_tweets: [{ type: 'replied_to', id: post.inReplyTo }],
    }),
    ...(parent && { in_reply_to_user_id: parent.author.id }),
    entities: { mentions: mentionEntities(network, post.text), urls: [] },
    ...(post.media.length > 0 && { attachments: { media_keys: post.media.map(({ key }) => key) } }),
    edit_controls: {
      edits_remaining: 5,
      is_edit_eligible: post.inReplyTo === undefined,
      editable_until: editableUntil,
    },
    lang: 'en',
    possibly_sensitive: false,
  }
}

const alwaysShown = ['id', 'text', 'edit_history_tweet_ids']

/** The fields of a look-up: three always, the others when they were asked for. */
export const withFields = (whole: Json, fields: readonly string[]): Json =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => alwaysShown.includes(name) || fields.includes(name)))

/** One conversation of two: their ids, the smaller first. */
export const conversationIdOf = (one: Account, other: Account): string =>
  [one.id, other.id].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)).join('-')

export const directMessageObject = (message: DirectMessage): Json => ({
  id: message.id,
  text: message.text,
  event_type: 'MessageCreate',
  created_at: message.at,
  sender_id: message.from.id,
  dm_conversation_id: conversationIdOf(message.from, message.to),
  participant_ids: [message.from.id, message.to.id],
  ...(message.media.length > 0 && { attachments: { media_keys: message.media.map(({ key }) => key) } }),
})

const alwaysInMessages = ['id', 'text', 'event_type']

export const messageWithFields = (whole: Json, fields: readonly string[]): Json =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => alwaysInMessages.includes(name) || fields.includes(name)))
