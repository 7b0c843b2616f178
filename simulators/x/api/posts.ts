import { z } from 'zod'
import { json } from '../../wire/exchange.ts'
import { parcelOfOwnPost } from '../events.ts'
import { nextId } from '../network.ts'
import type { Account, Network, Post } from '../network.ts'
import { mediaObject, postMediaUrl, postObject, userObject, withFields } from '../present.ts'
import { badRequest, forbidden, invalidRequest, notFound } from '../problems.ts'
import { isDuplicate, longestPost, mayReply, weightedLength } from '../rules.ts'
import { deliverable } from '../world.ts'
import { callerOf, jsonBody, listParam, Refused } from './call.ts'
import type { Call, Endpoint } from './call.ts'

const id = z.string().regex(/^\d{1,19}$/, 'is not an id')
const ids = z.array(id)

/** The top-level fields of `TweetCreateRequest` in X's openapi.json (2.167); nothing else is allowed. */
const postShape = z.strictObject({
  card_uri: z.string().optional(),
  community_id: id.optional(),
  direct_message_deep_link: z.string().optional(),
  edit_options: z.strictObject({ previous_post_id: id }).optional(),
  for_super_followers_only: z.boolean().optional(),
  geo: z.strictObject({ place_id: z.string().optional() }).optional(),
  made_with_ai: z.boolean().optional(),
  media: z.strictObject({ media_ids: ids.min(1).max(4), tagged_user_ids: ids.max(10).optional() }).optional(),
  nullcast: z.boolean().optional(),
  paid_partnership: z.boolean().optional(),
  poll: z.looseObject({}).optional(),
  quote_tweet_id: id.optional(),
  reply: z
    .strictObject({
      in_reply_to_tweet_id: id,
      auto_populate_reply_metadata: z.boolean().optional(),
      exclude_reply_user_ids: ids.optional(),
    })
    .optional(),
  reply_settings: z.enum(['following', 'mentionedUsers', 'subscribers', 'verified']).optional(),
  share_with_followers: z.boolean().optional(),
  text: z.string().optional(),
})

const tooLong =
  'Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text.'
const duplicate = 'You are not allowed to create a Tweet with duplicate content.'
const original = 'You attempted to reply to a Tweet that is deleted or not visible to you.'
const notSummoned =
  'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.'

/** @throws Refused by the first rule that does not hold. */
function checkRules(
  network: Network,
  author: Account,
  post: { readonly text: string; readonly inReplyTo: string | undefined },
): void {
  if (weightedLength(post.text) > longestPost) throw new Refused(badRequest(tooLong))
  if (post.inReplyTo !== undefined) {
    const parent = network.posts.get(post.inReplyTo)
    if (parent === undefined) throw new Refused(forbidden(original))
    if (!mayReply(author, parent)) throw new Refused(forbidden(notSummoned))
  }
  if (isDuplicate(network, author, post.text)) throw new Refused(forbidden(duplicate))
}

const create: Endpoint = {
  pattern: 'POST /2/tweets',
  short: 'tweets',
  answer: async (call) => {
    const { world, app } = call
    const body = jsonBody(call, postShape)
    const text = (body.text ?? '').trim()
    if (text === '') throw new Refused(invalidRequest('$.text: is missing but it is required'))
    const inReplyTo = body.reply?.in_reply_to_tweet_id
    checkRules(world.network, callerOf(call), { text, inReplyTo })
    const postId = nextId(world.network)
    await world.ledger.record({
      method: 'POST /2/tweets',
      id: postId,
      author: app.handle,
      text,
      ...(inReplyTo !== undefined && { inReplyTo }),
    })
    const post = world.network.posts.get(postId)
    for (const parcel of post ? deliverable(world, [parcelOfOwnPost(world.network, post, app)]) : [])
      void world.courier.deliver(parcel)
    return json({ data: { id: postId, text, edit_history_tweet_ids: [postId] } }, { status: 201 })
  },
}

const remove: Endpoint = {
  pattern: 'DELETE /2/tweets/:id',
  short: 'delete',
  answer: async (call) => {
    const { world, params } = call
    const post = world.network.posts.get(params['id'] ?? '')
    if (post === undefined) return json({ data: { deleted: false } })
    if (post.author.id !== callerOf(call).id) return forbidden('You are not allowed to delete this Tweet.')
    await world.ledger.record({ method: 'DELETE /2/tweets/:id', id: post.id })
    return json({ data: { deleted: true } })
  },
}

/** What `expansions` ask for, of these posts. */
export function expansionsOf(call: Call, posts: readonly Post[]) {
  const expansions = listParam(call, 'expansions')
  const withUrl = listParam(call, 'media.fields').includes('url')
  const media = expansions.includes('attachments.media_keys') ? posts.flatMap((post) => post.media) : []
  const users = expansions.includes('author_id') ? posts.map(({ author }) => author) : []
  const includes = {
    ...(media.length > 0 && { media: media.map((one) => mediaObject(one, withUrl ? postMediaUrl(one) : undefined)) }),
    ...(users.length > 0 && { users: users.map(userObject) }),
  }
  return Object.keys(includes).length > 0 ? { includes } : {}
}

/** An expansion brings its own field along. */
export function postFields(call: Call): readonly string[] {
  const expanded = listParam(call, 'expansions').map((name) => name.split('.')[0] ?? '')
  return [...listParam(call, 'tweet.fields'), ...expanded]
}

const lookUp: Endpoint = {
  pattern: 'GET /2/tweets/:id',
  short: 'tweet',
  answer: (call) => {
    const { network } = call.world
    const wanted = call.params['id'] ?? ''
    if (!id.safeParse(wanted).success)
      return invalidRequest('The `id` query parameter value is not valid', { id: [wanted.slice(0, 40)] })
    const post = network.posts.get(wanted)
    if (post === undefined) return notFound('tweet', wanted)
    return json({ data: withFields(postObject(network, post), postFields(call)), ...expansionsOf(call, [post]) })
  },
}

export const postEndpoints: readonly Endpoint[] = [create, lookUp, remove]
