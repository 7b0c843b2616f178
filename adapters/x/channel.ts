import { z } from 'zod'
import type { ReplyAddress, XDirectAddress, XPostAddress } from '../../domain/address.ts'
import type { Channel, OutgoingReply } from '../../domain/channel.ts'
import { SendFailed } from '../../domain/errors.ts'
import { openApi, type XApi } from './outbound/api.ts'
import type { XAccess } from './outbound/client.ts'
import type { ClosedEndpoint } from './outbound/endpoint-limits.ts'
import { sendFailureOf } from './outbound/failures.ts'
import { findReply } from './outbound/find-reply.ts'
import { xPictures } from './outbound/pictures.ts'
import { directText, postText } from './outbound/reply-text.ts'

function xAddress(address: ReplyAddress): XPostAddress | XDirectAddress {
  if (address.kind === 'x-post' || address.kind === 'x-direct') return address
  throw new TypeError(`not an address on X: ${address.kind}`)
}

const made = z.union([
  z.object({ data: z.object({ id: z.string().min(1) }) }).transform(({ data }) => data.id),
  z.object({ data: z.object({ dm_event_id: z.string().min(1) }) }).transform(({ data }) => data.dm_event_id),
])

/** Only fields that X documents: it refuses unknown ones, so no key of ours can go along. */
function requestFor(reply: OutgoingReply) {
  const address = xAddress(reply.address)
  return address.kind === 'x-post'
    ? { path: 'tweets', body: { text: postText(reply.text), reply: { in_reply_to_tweet_id: address.postId } } }
    : { path: `dm_conversations/with/${address.participantId}/messages`, body: { text: directText(reply.text) } }
}

async function post(api: XApi, reply: OutgoingReply): Promise<string> {
  const { path, body } = requestFor(reply)
  const answer = await api.post(path, body).catch((error: unknown) => {
    throw sendFailureOf(error)
  })
  const parsed = made.safeParse(answer)
  if (!parsed.success) throw new SendFailed({ delivery: 'unknown', reason: 'an answer without an id' })
  return parsed.data
}

/**
 * One bot's way onto X: one post or direct message per reply. X takes no key, so an earlier attempt is known by what it
 * answers (a post) or by its text (a direct message), which the caller makes unique per request and the same on every attempt.
 * No endpoint is called before the reset that X told of: the call fails as certainly not sent, with the time to wait.
 * @param options `apiUrl`: `live`, or the base URL of a simulator, reached without changing any address. `closed` is told once
 * of each endpoint that takes no more calls until its reset.
 */
export function createXChannel(options: {
  readonly credentials: XAccess
  readonly apiUrl: string
  readonly closed?: (endpoint: ClosedEndpoint) => void
}): Channel {
  const api = openApi(options)
  return {
    send: (reply) => post(api, reply),
    find: (reply, since) => findReply(api, { address: xAddress(reply.address), text: reply.text }, since),
    picturesOf: (message) => xPictures(api, options.credentials, message),
    // A post on X is not edited, and there are no forms.
    update: () => Promise.resolve(),
    openForm: () => Promise.resolve(false),
  }
}
