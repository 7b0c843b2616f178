import { z } from 'zod'
import type { InboundMessage, PictureRef } from '../../domain/inbound.ts'
import { xBusinessKey } from '../../domain/keys.ts'
import { madeAt, optionalWords, read, snowflake, words } from './shapes.ts'

const mention = z.object({ id: snowflake.optional().catch(undefined), username: optionalWords })
const entities = z
  .object({ mentions: z.array(mention).optional().catch(undefined) })
  .nullish()
  .catch(undefined)
const post = z.object({
  id: snowflake,
  author_id: snowflake,
  text: words,
  created_at: z.string().nullish().catch(undefined),
  referenced_tweets: z.array(z.object({ type: z.string(), id: snowflake.optional().catch(undefined) })).nullish(),
  entities,
  note_tweet: z.object({ text: words.optional(), entities }).nullish().catch(undefined),
  attachments: z.object({ media_keys: z.array(z.string().regex(/^\w{1,100}$/)).optional() }).nullish(),
  edit_history_tweet_ids: z.array(snowflake).nullish().catch(undefined),
})
type Post = z.infer<typeof post>

const medium = z.object({ media_key: z.string(), type: z.string().nullish(), url: optionalWords })
const included = z
  .object({
    media: z.array(medium.optional().catch(undefined)).nullish().catch(undefined),
    users: z.array(mention).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined)
type Included = z.infer<typeof included>

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`)

/** `@name`, not as a part of another name or of an e-mail address. */
const handles = (usernames: readonly string[]) =>
  new RegExp(`(?<![\\w@])@(?:${usernames.map(escaped).join('|') || '(?!)'})(?!\\w)`, 'giu')

/** Whether the post mentions the account, and the names that it is mentioned by. Without entities its text is searched. */
function mentionsOf(found: Post, includes: Included, accountId: string) {
  const listed = [found.entities, found.note_tweet?.entities].flatMap((each) => each?.mentions ?? [])
  const isUs = (each: z.infer<typeof mention>) => each.id === accountId
  const usernames = [...listed, ...(includes?.users ?? [])].filter(isUs).flatMap(({ username }) => username ?? [])
  const inText = handles(usernames).test(found.note_tweet?.text ?? found.text)
  const named = listed.some((each) => isUs(each) || (each.id === undefined && inText))
  return { mentioned: named || (listed.length === 0 && inText), usernames }
}

/** Photos, and media of which the event does not say what they are; their addresses are looked up later. */
function picturesOf(found: Post, includes: Included): readonly PictureRef[] {
  return (found.attachments?.media_keys ?? []).flatMap((id) => {
    const known = includes?.media?.find((each) => each?.media_key === id)
    if (known?.type && known.type !== 'photo') return []
    return [{ id, ...(known?.url !== undefined && { url: known.url }) }]
  })
}

/** The post that is answered: its picture is meant when this one has none. */
function subjectOf(found: Post): Pick<InboundMessage, 'subject'> {
  const postId = found.referenced_tweets?.find(({ type }) => type === 'replied_to')?.id
  return postId === undefined ? {} : { subject: { kind: 'x-post', postId } }
}

/** An edited post has a new id; the first of its history is the one it was born with. */
const firstIdOf = (found: Post) => {
  const history = found.edit_history_tweet_ids ?? []
  return history.includes(found.id) ? (history[0] ?? found.id) : found.id
}

/**
 * A post as a message to the bot, or why it is none.
 * @throws MalformedEvent when the payload is no post.
 */
export function postMessage(
  content: { readonly payload: unknown; readonly includes: unknown },
  options: { readonly bot: string; readonly accountId: string },
): InboundMessage | string {
  const { bot, accountId } = options
  const found = read(post, content.payload)
  const includes = read(included, content.includes)
  if (found.author_id === accountId) return 'our own post'
  if (found.referenced_tweets?.some(({ type }) => type === 'retweeted')) return 'a repost'
  const { mentioned, usernames } = mentionsOf(found, includes, accountId)
  if (!mentioned) return 'not addressed to us'
  const text = (found.note_tweet?.text ?? found.text).replaceAll(handles(usernames), ' ')
  return {
    bot,
    channel: 'x',
    businessKey: xBusinessKey(bot, firstIdOf(found)),
    authorId: found.author_id,
    address: { kind: 'x-post', accountId, postId: found.id },
    text: text.replaceAll(/[^\S\n]+/g, ' ').trim(),
    pictures: picturesOf(found, includes),
    sentAt: madeAt(found.id, found.created_at),
    ...subjectOf(found),
  }
}
