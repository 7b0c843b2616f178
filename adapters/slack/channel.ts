import type { WebClient } from '@slack/web-api'
import type { Channel, OutgoingReply } from '../../domain/channel.ts'
import { SendFailed } from '../../domain/errors.ts'
import type { ReplyAddress, SlackAddress } from '../../domain/inbound.ts'
import { sendFailureOf } from './outbound/failures.ts'
import { findReply, metadataOf } from './outbound/find-reply.ts'
import { slackPicture } from './outbound/pictures.ts'
import { slackText } from './outbound/reply-text.ts'
import { createWebClient } from './outbound/web-client.ts'

function slackAddress(address: ReplyAddress): SlackAddress {
  if (address.kind === 'slack-thread') return address
  throw new TypeError(`not an address in Slack: ${address.kind}`)
}

async function post(client: WebClient, reply: OutgoingReply): Promise<string> {
  const { channelId, threadTs } = slackAddress(reply.address)
  const answer = await client.chat
    .postMessage({
      channel: channelId,
      thread_ts: threadTs,
      text: slackText(reply.text),
      metadata: metadataOf(reply.key),
      unfurl_links: false,
      unfurl_media: false,
      link_names: false,
    })
    .catch((error: unknown) => {
      throw sendFailureOf(error)
    })
  if (typeof answer.ts !== 'string' || answer.ts === '')
    throw new SendFailed({ delivery: 'unknown', reason: 'answer_without_ts' })
  return answer.ts
}

/**
 * One bot's way into Slack: one post per reply, marked with its key, looked for by that key.
 * @param options `token`: the bot's token. `apiUrl`: `live`, or the base URL of a simulator without a trailing slash.
 */
export function createSlackChannel(options: { readonly token: string; readonly apiUrl: string }): Channel {
  const client = createWebClient(options)
  return {
    send: (reply) => post(client, reply),
    find: (reply, since) => findReply(client, { key: reply.key, address: slackAddress(reply.address) }, since),
    picturesOf: (message) =>
      Promise.all(message.pictures.map((picture) => slackPicture(client, options.token, picture))),
  }
}
