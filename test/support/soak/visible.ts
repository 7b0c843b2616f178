import { z } from 'zod'
import { metadataOf } from '../../../adapters/slack/outbound/find-reply.ts'
import { replyKey } from '../../../domain/keys.ts'
import { call } from '../platforms/platform.ts'
import { soakBot, soakHandle } from './asked.ts'

const slackPost = z.looseObject({
  ts: z.string(),
  channel: z.string(),
  bot: z.string().optional(),
  user: z.string().optional(),
  text: z.string(),
  ephemeral: z.boolean().default(false),
  threadTs: z.string().optional(),
  permalink: z.string(),
  metadata: z.looseObject({ event_payload: z.looseObject({ k: z.string().optional() }).optional() }).optional(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).default([]),
})
/** A post of the bot in Slack. */
export type BotPost = z.infer<typeof slackPost>

/** What marks the reply with this key among the bot's posts. */
export const markOf = (key: string): string => metadataOf(key).event_payload.k
export const markOfAnswer = (workflowId: string): string => markOf(replyKey(workflowId))

export const markIn = (post: BotPost): string | undefined => post.metadata?.event_payload?.k

/** The bot's posts in one channel of Slack, or in all. */
export async function postsInSlack(simulator: string, channel?: string): Promise<readonly BotPost[]> {
  const query = channel === undefined ? '' : `?channel=${channel}`
  const { posts } = await call(z.object({ posts: z.array(slackPost) }), `${simulator}/_sim/posts${query}`)
  return posts.filter(({ bot }) => bot === soakBot)
}

const xPost = z.looseObject({ id: z.string(), inReplyTo: z.string().nullish() })
const xMessage = z.looseObject({ id: z.string(), from: z.string(), to: z.string() })

/** The ids of the posts that the bot's posts on X answer. */
export async function answeredOnX(simulator: string): Promise<readonly string[]> {
  const url = `${simulator}/_sim/posts?account=${soakHandle}`
  return (await call(z.object({ posts: z.array(xPost) }), url)).posts.map(({ inReplyTo }) => inReplyTo ?? '')
}

/** The people whom the bot's direct messages on X went to. */
export async function writtenToOnX(simulator: string): Promise<readonly string[]> {
  const url = `${simulator}/_sim/messages?account=${soakHandle}`
  const { messages } = await call(z.object({ messages: z.array(xMessage) }), url)
  return messages.filter(({ from }) => from === soakHandle).map(({ to }) => to)
}
