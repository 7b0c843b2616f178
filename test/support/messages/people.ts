import { z } from 'zod'
import type { DecisionKind } from '../../../domain/rollout/rollout.ts'
import { call, eventually, type Picture, tell } from '../platforms/platform.ts'

const post = z.looseObject({
  ts: z.string(),
  channel: z.string(),
  bot: z.string().optional(),
  user: z.string().optional(),
  text: z.string(),
  ephemeral: z.boolean().default(false),
  threadTs: z.string().optional(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).default([]),
  permalink: z.string(),
})
/** What can be seen in the simulated workspace. */
export type SeenPost = z.infer<typeof post>

/** The answer of the simulator's list of posts. */
export const seenPosts = z.object({ posts: z.array(post) })
const written = z.looseObject({ ts: z.string() })
const acknowledged = z.looseObject({ status: z.number(), body: z.unknown() })

/** People in the simulated Slack, and what they do there. */
export interface People {
  readonly sees: (channel: string) => Promise<readonly SeenPost[]>
  /** Writes; `bot` is mentioned. @returns the `ts`. */
  readonly says: (
    user: string,
    text: string,
    where: Where & { readonly pictures?: readonly Picture[] },
  ) => Promise<string>
  readonly types: (user: string, command: string, where: Where) => Promise<z.infer<typeof acknowledged>>
  /** Chooses a label under a post: in its menu, or by its button. */
  readonly chooses: (user: string, label: string | undefined, post: SeenPost) => Promise<void>
  /** Decides under an evidence card, with a reason; so many clicks at once. */
  readonly decides: (user: string, decision: DecisionKind, card: SeenPost, options?: Deciding) => Promise<void>
  readonly shortcut: (user: string, callbackId: string, post: SeenPost) => Promise<void>
  /** The first post that fits, among those after `since`. */
  readonly waits: (channel: string, fits: (post: SeenPost) => boolean, options?: Waiting) => Promise<SeenPost>
}

interface Where {
  readonly channel: string
  readonly threadTs?: string
}

interface Deciding {
  readonly reason?: string
  readonly clicks?: number
}

interface Waiting {
  readonly since?: string
  readonly timeoutMs?: number
  readonly what?: string
}

const optionsIn = (seen: SeenPost) => seen.blocks.filter(({ type }) => type === 'actions')

/** What one bot's people do, through the simulator's control side. */
export function peopleOf(simulator: string, bot: { readonly name: string; readonly userId: string }): People {
  const control = `${simulator}/_sim`
  const sees = async (channel: string) => (await call(seenPosts, `${control}/posts?channel=${channel}`)).posts
  return {
    sees,
    says: async (user, text, { channel, threadTs, pictures }) => {
      const words = text.replaceAll('@bot', `<@${bot.userId}>`)
      const body = {
        bot: bot.name,
        channel,
        user,
        text: words,
        ...(threadTs && { threadTs }),
        ...(pictures && { files: pictures }),
      }
      return (await call(written, `${control}/messages`, body)).ts
    },
    types: (user, typed, { channel }) => {
      const [command = '', ...words] = typed.split(' ')
      const body = { bot: bot.name, channel, user, command, text: words.join(' ') }
      return call(acknowledged, `${control}/commands`, body)
    },
    chooses: async (user, label, seen) => {
      const [block] = optionsIn(seen)
      const isMenu = block?.block_id?.startsWith('menu:') === true
      const value = label ?? '-'
      await tell(`${control}/actions`, {
        ts: seen.ts,
        channel: seen.channel,
        user,
        actionId: isMenu ? 'vote' : `vote.${value}`,
        value,
      })
    },
    decides: (user, decision, { ts, channel }, { reason = '', clicks = 1 } = {}) =>
      tell(`${control}/actions`, {
        ...{ ts, channel, user, actionId: `decide.${decision}`, value: decision, copies: clicks },
        ...(reason !== '' && { values: { reason } }),
      }),
    shortcut: (user, callbackId, seen) =>
      tell(`${control}/shortcuts`, { bot: bot.name, ts: seen.ts, channel: seen.channel, user, callbackId }),
    waits: (channel, fits, { since = '0', timeoutMs = 30_000, what = 'a post' } = {}) =>
      eventually(async () => (await sees(channel)).find((each) => Number(each.ts) > Number(since) && fits(each)), {
        timeoutMs,
        what,
      }),
  }
}
