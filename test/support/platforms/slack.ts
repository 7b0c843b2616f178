import { z } from 'zod'
import type { Stack } from '../stack.ts'
import { call, deliveriesOf, grouped, type SimulatedPlatform, tell } from './platform.ts'

const bot = 'fedora-finder'
const slackPlace = 'C0GENERAL'

const posts = z.object({
  posts: z.array(
    z.looseObject({
      ts: z.string(),
      channel: z.string(),
      text: z.string(),
      thread_ts: z.string().nullish(),
      bot_id: z.string().nullish(),
      files: z.array(z.looseObject({ id: z.string() })).default([]),
    }),
  ),
})

function split(id: string): { readonly channel: string; readonly ts: string } {
  const [channel = '', ts = ''] = id.split('/')
  return { channel, ts }
}

/** On Slack a message is named by `channel/ts`. */
export function slackPlatform({
  urls: { slack: simulator },
  secrets,
}: Pick<Stack, 'urls' | 'secrets'>): SimulatedPlatform {
  const app = secrets.bots[bot]?.slack
  if (app === undefined) throw new Error('the bot is on Slack')
  const postsIn = async (query: string) => (await call(posts, `${simulator}/_sim/posts${query}`)).posts
  const allReplies = async (query = '') =>
    grouped(
      (await postsIn(query))
        .filter((post) => typeof post.bot_id === 'string')
        .map(({ ts, channel, text, thread_ts: root }) => ({
          id: ts,
          text,
          to: root ? `${channel}/${root}` : undefined,
        })),
    )
  return {
    channel: 'slack',
    ask: async ({ text = 'what is this?', pictures, deliveries, extra, place = slackPlace }) => {
      const body = {
        bot,
        channel: place,
        user: 'U0ADA',
        text: `<@${app.botUserId}> ${text}`,
        ...(pictures && { files: pictures }),
        ...(deliveries && { deliveries }),
        ...extra,
      }
      const { ts } = await call(z.looseObject({ ts: z.string() }), `${simulator}/_sim/messages`, body)
      return `${place}/${ts}`
    },
    repliesTo: async (id) => (await allReplies(`?channel=${split(id).channel}`)).get(id) ?? [],
    allReplies: () => allReplies(),
    redeliver: (id, options = {}) => tell(`${simulator}/_sim/redeliver`, { ...split(id), ...options }),
    faults: (fault) => tell(`${simulator}/_sim/faults`, { method: 'chat.postMessage', ...fault }),
    clock: (scale) => tell(`${simulator}/_sim/clock`, { scale }),
    deletePictures: async (id) => {
      const { channel, ts } = split(id)
      const message = (await postsIn(`?channel=${channel}`)).find((post) => post.ts === ts)
      await Promise.all(
        (message?.files ?? []).map((file) => tell(`${simulator}/_sim/files`, { id: file.id, gone: true })),
      )
    },
    workflowId: (id) => `answer:${bot}:slack:${app.team}.${split(id).channel}.${split(id).ts}`,
    deliveries: () => deliveriesOf(simulator),
  }
}
