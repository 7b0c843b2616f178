import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { PictureRequest } from '../../../domain/channel.ts'
import { InputRefused, ServiceUnavailable } from '../../../domain/errors.ts'
import type { InboundMessage, PictureRef, Subject } from '../../../domain/inbound.ts'
import { files, picturesIn } from '../shapes.ts'
import { codeOf, isForbiddenToRead, readFailureOf } from './failures.ts'
import { portraitOf } from './portrait.ts'

const list = z.object({
  messages: z.array(z.looseObject({ ts: z.string(), user: z.string().nullish(), files })).default([]),
})
type Found = z.infer<typeof list>['messages'][number]

/** How far back somebody's latest picture is looked for, in seconds. */
const latestWithinSeconds = 600

/** The place is not ours to read, or is no more: to the person that is the same as a picture that is gone. */
const unreadable: ReadonlySet<string> = new Set(['message_not_found', 'thread_not_found'])

async function messagesFrom(ask: Promise<unknown>): Promise<readonly Found[]> {
  const answer = await ask.catch((error: unknown) => {
    if (isForbiddenToRead(error) || unreadable.has(codeOf(error) ?? '')) throw new InputRefused('gone')
    throw readFailureOf(error)
  })
  const parsed = list.safeParse(answer)
  if (!parsed.success) throw new ServiceUnavailable('slack', 'the list of messages cannot be read')
  return parsed.data.messages
}

async function messagesOf(client: WebClient, subject: Subject): Promise<readonly Found[]> {
  switch (subject.kind) {
    case 'slack-message': {
      const range = { channel: subject.channelId, latest: subject.ts, oldest: subject.ts, inclusive: true, limit: 1 }
      const found = await messagesFrom(client.conversations.history(range))
      const exact = found.filter(({ ts }) => ts === subject.ts)
      if (exact.length > 0) return exact
      // A reply in a thread is not part of the channel's history.
      const thread = { channel: subject.channelId, ts: subject.ts, limit: 1 }
      return (await messagesFrom(client.conversations.replies(thread))).filter(({ ts }) => ts === subject.ts)
    }
    case 'slack-thread': {
      const thread = { channel: subject.channelId, ts: subject.threadTs, limit: 100 }
      return messagesFrom(client.conversations.replies(thread))
    }
    case 'latest-picture': {
      const oldest = String(Math.floor(Date.now() / 1000) - latestWithinSeconds)
      const found = await messagesFrom(client.conversations.history({ channel: subject.channelId, oldest, limit: 100 }))
      return found.filter(({ user }) => user === subject.userId)
    }
    default:
      return []
  }
}

/** The pictures of the newest message that has any; in a thread those of the post that it answers come first. */
function newestPictures(found: readonly Found[], subject: Subject): readonly PictureRef[] {
  const inOrder = found.toSorted((one, other) => Number(other.ts) - Number(one.ts))
  const root = subject.kind === 'slack-thread' ? found.filter(({ ts }) => ts === subject.threadTs) : []
  return [...root, ...inOrder].map((each) => picturesIn(each.files)).find((each) => each.length > 0) ?? []
}

/**
 * The pictures that a message without its own is about. A subject that holds no picture gives none.
 * @throws InputRefused `gone` when the place cannot be read. @throws ServiceUnavailable when Slack could not be asked.
 */
export async function subjectPictures(
  client: WebClient,
  message: InboundMessage,
  download: (picture: PictureRef) => Promise<PictureRequest>,
): Promise<readonly PictureRequest[]> {
  const { subject } = message
  if (subject === undefined) return []
  if (subject.kind === 'portrait') {
    const portrait = await portraitOf(client, subject.userId)
    return portrait ? [portrait] : []
  }
  if (subject.kind === 'link') return [{ url: subject.url, headers: {}, typed: true }]
  return Promise.all(newestPictures(await messagesOf(client, subject), subject).map(download))
}
