import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import type { About, OutgoingReply } from '../../../domain/channel.ts'
import { blocksOf } from './blocks.ts'
import { cardBlocks } from './evidence-card.ts'
import { codeOf } from './failures.ts'
import type { metadataOf } from './find-reply.ts'
import { naming } from './reply-text.ts'
import { callTimeoutMs } from './web-client.ts'

/** A link is a courtesy: the post does not wait longer for it, in milliseconds. */
const longestWaitForLinkMs = 1_500

/** The address of the message that a post is about, when Slack tells it in time. */
async function linkOf(client: WebClient, source: About['source']): Promise<string | undefined> {
  if (source === undefined) return undefined
  const { channelId: channel, messageId: message_ts } = source
  const asked = client.chat.getPermalink({ channel, message_ts }).then(
    ({ permalink }) => permalink,
    () => undefined,
  )
  return Promise.race([asked, sleep(longestWaitForLinkMs, undefined, { ref: false })])
}

/**
 * What a post may look like, the best first: with its picture and what people can do, without the picture (Slack shows no WebP
 * and no file that is still being scanned), as a text alone.
 */
async function looksOf(client: WebClient, { text, offers, about, card, person }: OutgoingReply) {
  if (card) return [cardBlocks(card, naming(card.footer, person)), undefined]
  const link = await linkOf(client, about?.source)
  const fileId = about?.fileId
  const plain = blocksOf(text, offers, { link })
  return [
    ...(fileId === undefined ? [] : [blocksOf(text, offers, { link, fileId })]),
    ...(plain ? [plain] : []),
    undefined,
  ]
}

/** A message as `chat.postMessage` takes it, apart from its looks. */
interface Message {
  readonly channel: string
  readonly text: string
  readonly thread_ts?: string
  readonly metadata: ReturnType<typeof metadataOf>
  readonly unfurl_links: boolean
  readonly unfurl_media: boolean
  readonly link_names: boolean
}

/**
 * Posts a message for everybody, with the best look that Slack takes: refused for its blocks means certainly not posted. Another
 * look is tried only as long as all calls together fit into one attempt.
 * @throws what the client throws.
 */
export async function postBest(client: WebClient, message: Message, reply: OutgoingReply): Promise<string | undefined> {
  const [best, ...others] = await looksOf(client, reply)
  const startedAt = performance.now()
  const post = (blocks: typeof best) => client.chat.postMessage({ ...message, ...(blocks && { blocks }) })
  let sent = post(best)
  for (const blocks of others)
    sent = sent.catch((error: unknown) => {
      const isRefused = (codeOf(error) ?? '').startsWith('invalid_blocks')
      if (!isRefused || performance.now() - startedAt > callTimeoutMs) throw error
      return post(blocks)
    })
  return (await sent).ts
}
