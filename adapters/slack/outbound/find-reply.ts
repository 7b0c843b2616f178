import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { SlackAddress, SlackChannelAddress } from '../../../domain/address.ts'
import { ServiceUnavailable } from '../../../domain/errors.ts'
import { codeOf, lookFailureOf } from './failures.ts'
import { callTimeoutMs } from './web-client.ts'

/** Slack's clock and ours may differ; what is older than this before the attempt is not looked at, in seconds. */
const clockSlackSeconds = 5
/** 15 is all that a distributed app outside the Marketplace gets; pages beyond these mean that we cannot be certain. */
const pageSize = 100
const mostPages = 10

const metadataType = 'understudy_reply'

/** Everybody in the workspace can read metadata, so the key goes there as a digest. */
const digest = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

/** The metadata that marks the one reply of `key`. */
export const metadataOf = (key: string) => ({ event_type: metadataType, event_payload: { k: digest(key) } })

const page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string().optional(), event_payload: z.object({ k: z.unknown() }).partial().optional() })
        .nullish()
        .catch(undefined),
    }),
  ),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
})

type Ask = (cursor: string) => Promise<unknown>

async function search(ask: Ask, key: string): Promise<string | undefined> {
  const wanted = digest(key)
  let cursor = ''
  for (let asked = 0; asked < mostPages; asked += 1) {
    const answer = page.safeParse(await ask(cursor))
    if (!answer.success) throw new ServiceUnavailable('slack', 'the list of messages cannot be read')
    const { messages, has_more: more, response_metadata: metadata } = answer.data
    const found = messages.find(
      (message) => message.metadata?.event_type === metadataType && message.metadata.event_payload?.k === wanted,
    )
    if (found) return found.ts
    cursor = metadata?.next_cursor ?? ''
    if (cursor === '' && more !== true) return undefined
    if (cursor === '') break
  }
  throw new ServiceUnavailable('slack', 'there are more messages than are looked through')
}

/** A look and a post must fit into one attempt, so all pages together get the time of one call. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ServiceUnavailable('slack', 'looking took too long')), callTimeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/**
 * The `ts` of the reply with this key, posted at or after `since`, or `undefined` when it is certainly not there. It is looked
 * for in its thread, and in the channel when it has none or the thread is no more.
 * @throws ServiceUnavailable when Slack could not be asked within 5 s, or there is more to look through than is reasonable.
 * @throws SendFailed that is permanent when Slack will never let us look: the attempt may be visible.
 */
export async function findReply(
  client: WebClient,
  reply: { readonly key: string; readonly address: SlackAddress | SlackChannelAddress },
  since: Date,
): Promise<string | undefined> {
  const { address } = reply
  const channel = address.channelId
  const oldest = (since.getTime() / 1000 - clockSlackSeconds).toFixed(6)
  const range = { channel, oldest, include_all_metadata: true, limit: pageSize }
  const inChannel: Ask = (cursor) => client.conversations.history({ ...range, ...(cursor !== '' && { cursor }) })
  const inPlace: Ask =
    address.kind === 'slack-channel'
      ? inChannel
      : (cursor) => client.conversations.replies({ ...range, ts: address.threadTs, ...(cursor !== '' && { cursor }) })
  try {
    const work = search(inPlace, reply.key).catch((error: unknown) => {
      if (codeOf(error) === 'thread_not_found') return search(inChannel, reply.key)
      throw error
    })
    return await inTime(work)
  } catch (error) {
    throw lookFailureOf(error)
  }
}
