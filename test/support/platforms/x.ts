import { z } from 'zod'
import type { Stack } from '../stack.ts'
import {
  call,
  type Conversation,
  deliveriesOf,
  grouped,
  type Question,
  type SimulatedPlatform,
  tell,
} from './platform.ts'

const bot = 'fedora-finder'
const handle = 'fedora_finder'

const workflowId = (id: string) => `answer:${bot}:x:${id}`

async function create(simulator: string, kind: 'posts' | 'messages', body: object): Promise<string> {
  return (await call(z.looseObject({ id: z.string() }), `${simulator}/_sim/${kind}`, body)).id
}

const posts = z.object({
  posts: z.array(z.looseObject({ id: z.string(), text: z.string(), inReplyTo: z.string().nullish() })),
})

/** X in public: posts that mention the bot, and its replies. */
export function xPlatform({ urls: { x: simulator } }: Pick<Stack, 'urls'>): SimulatedPlatform {
  const allReplies = async () => {
    const found = await call(posts, `${simulator}/_sim/posts?account=${handle}`)
    return grouped(found.posts.map(({ id, text, inReplyTo }) => ({ id, text, to: inReplyTo ?? undefined })))
  }
  return {
    channel: 'x',
    ask: ({ text = 'what is this?', pictures = [], deliveries, extra, place = 'ada' }) =>
      create(simulator, 'posts', {
        author: place,
        text: `@${handle} ${text}`,
        media: pictures,
        ...(deliveries && { deliveries }),
        ...extra,
      }),
    repliesTo: async (id) => (await allReplies()).get(id) ?? [],
    allReplies,
    redeliver: (id, options = {}) => tell(`${simulator}/_sim/redeliver`, { id, ...options }),
    faults: (fault) => tell(`${simulator}/_sim/faults`, { method: 'tweets', ...fault }),
    clock: (scale) => tell(`${simulator}/_sim/clock`, { scale }),
    deletePictures: (postId) => tell(`${simulator}/_sim/media`, { postId, gone: true }),
    workflowId,
    deliveries: () => deliveriesOf(simulator),
  }
}

const messages = z.object({
  messages: z.array(z.looseObject({ id: z.string(), from: z.string(), to: z.string(), text: z.string() })),
})

/** X in private. A direct message names none that it answers, so that every question needs a person (`place`) of its own. */
export function xDirectMessages({ urls: { x: simulator } }: Pick<Stack, 'urls'>): Conversation {
  return {
    channel: 'x',
    ask: ({ text = 'what is this?', pictures = [], deliveries, extra, place = 'ada' }: Question) =>
      create(simulator, 'messages', {
        from: place,
        to: handle,
        text,
        media: pictures,
        ...(deliveries && { deliveries }),
        ...extra,
      }),
    repliesTo: async (id) => {
      const all = (await call(messages, `${simulator}/_sim/messages?account=${handle}`)).messages
      const person = all.find((message) => message.id === id)?.from
      return all.filter(({ from, to }) => from === handle && to === person).map(({ id, text }) => ({ id, text }))
    },
    workflowId,
  }
}
