import { randomUUID } from 'node:crypto'
import type { InboundEvent, InboundMessage } from '../../../domain/inbound.ts'

/** A message on X as a door would store it. */
export function messageOnX(overrides: Partial<InboundMessage> = {}): InboundMessage {
  const postId = `${Math.floor(Math.random() * 1e15)}`
  return {
    bot: 'fedora-finder',
    channel: 'x',
    businessKey: `fedora-finder.${postId}`,
    authorId: '77',
    address: { kind: 'x-post', accountId: '1', postId },
    text: 'what is this?',
    pictures: [],
    sentAt: '2026-01-02T03:04:05.000Z',
    ...overrides,
  }
}

/** A delivery of a message, under a transport key of its own. */
export const delivery = (message: InboundMessage): InboundEvent & { kind: 'request' } => ({
  kind: 'request',
  transportKey: `x:${randomUUID()}`,
  eventType: 'post.mention.create',
  request: { kind: 'message', message },
})
