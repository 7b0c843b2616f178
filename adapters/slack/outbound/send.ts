import type { WebClient } from '@slack/web-api'
import type { SlackAddress, SlackChannelAddress, SlackEphemeralAddress } from '../../../domain/address.ts'
import type { OutgoingReply } from '../../../domain/channel.ts'
import { SendFailed } from '../../../domain/errors.ts'
import { blocksOf } from './blocks.ts'
import { codeOf, sendFailureOf } from './failures.ts'
import { metadataOf } from './find-reply.ts'
import { postBest } from './post.ts'
import { said } from './reply-text.ts'
import { callTimeoutMs } from './web-client.ts'

const quiet = { unfurl_links: false, unfurl_media: false, link_names: false } as const

const idOf = (ts: string | undefined): string => {
  if (ts === undefined || ts === '') throw new SendFailed({ delivery: 'unknown', reason: 'answer_without_ts' })
  return ts
}

/** Where the bot is no member, or knows no channel, only the command's own address reaches the person. */
const notThere: ReadonlySet<string> = new Set(['channel_not_found', 'not_in_channel', 'user_not_in_channel'])

/** `response_url` takes one message of a person's own, five times within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction). */
async function respond(url: string, text: string, type: 'ephemeral' | 'in_channel'): Promise<string> {
  const body = JSON.stringify({ response_type: type, replace_original: false, text })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(callTimeoutMs),
  }).catch(() => {
    throw new SendFailed({ delivery: 'unknown', reason: 'response_url' })
  })
  await answer.body?.cancel()
  if (answer.ok) return 'response_url'
  throw new SendFailed({
    delivery: answer.status >= 500 ? 'unknown' : 'not-sent',
    reason: `response_url_${answer.status}`,
    permanent: answer.status < 500,
  })
}

/** Hosts that a response address may have: Slack's own, or a simulator's on this machine. */
const isSlackHook = (url: string, apiUrl: string): boolean =>
  apiUrl === 'live' ? new URL(url).host === 'hooks.slack.com' : url.startsWith(`${apiUrl}/`)

/** A post that everybody sees. What Slack does not take of its blocks is left out: the text says the same. */
export async function sendVisible(
  client: WebClient,
  reply: OutgoingReply,
  options: { readonly address: SlackAddress | SlackChannelAddress; readonly apiUrl: string },
): Promise<string> {
  const { address, apiUrl } = options
  const message = {
    channel: address.channelId,
    ...(address.kind === 'slack-thread' && { thread_ts: address.threadTs }),
    text: said(reply),
    metadata: metadataOf(reply.key),
    ...quiet,
  }
  try {
    return idOf(await postBest(client, message, reply))
  } catch (error) {
    const responseUrl = address.kind === 'slack-channel' ? address.responseUrl : undefined
    if (responseUrl && isSlackHook(responseUrl, apiUrl) && notThere.has(codeOf(error) ?? ''))
      return respond(responseUrl, message.text, 'in_channel')
    throw error instanceof SendFailed ? error : sendFailureOf(error)
  }
}

/** A text that one person sees. */
export async function sendEphemeral(
  client: WebClient,
  reply: OutgoingReply,
  options: { readonly address: SlackEphemeralAddress; readonly apiUrl: string },
): Promise<string> {
  const { channelId: channel, userId: user, threadTs, responseUrl } = options.address
  const blocks = blocksOf(reply.text, reply.offers)
  try {
    const answer = await client.chat.postEphemeral({
      channel,
      user,
      text: said(reply),
      link_names: false,
      ...(threadTs && { thread_ts: threadTs }),
      ...(blocks && { blocks }),
    })
    return idOf(answer.message_ts)
  } catch (error) {
    if (responseUrl && isSlackHook(responseUrl, options.apiUrl) && notThere.has(codeOf(error) ?? ''))
      return respond(responseUrl, said(reply), 'ephemeral')
    throw error instanceof SendFailed ? error : sendFailureOf(error)
  }
}
