import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelName } from '../../domain/bot.ts'
import type { InboundEvent } from '../../domain/inbound.ts'
import type { DoorMetrics } from '../metrics.ts'
import { sendProblem } from '../problems.ts'

/** A header's value, `undefined` when it is missing or given more than once. */
export type HeaderOf = (name: string) => string | undefined

/** What a platform's adapter does for one bot's door. */
export interface Door {
  /** @throws SignatureRejected */
  readonly verify: (rawBody: Uint8Array, header: HeaderOf) => void
  /** @throws MalformedEvent */
  readonly parse: (rawBody: Uint8Array) => InboundEvent
}

export interface DoorDeps {
  readonly metrics: DoorMetrics
  /** Commits the event. @returns whether it is new. */
  readonly record: (
    event: Exclude<InboundEvent, { kind: 'challenge' }>,
    door: { readonly bot: string; readonly channel: ChannelName },
  ) => Promise<boolean>
}

const notStored = { status: 503, title: 'The event could not be stored', detail: 'Deliver it again.' }

/** The largest event that a platform sends is far below this. */
const bodyLimit = 1024 * 1024

/** Keeps bodies as the bytes that were signed: nothing parses them before the signature is checked. */
export function keepRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
}

const headerOf =
  (request: FastifyRequest): HeaderOf =>
  (name) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }

const rawBodyOf = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array()

/**
 * The whole work of a door (DESIGN.md rule 1): check the signature on the raw bytes, commit the event, say 200. It answers
 * 503 when the row cannot be committed, so that the platform delivers again, and it never waits for Temporal.
 */
export async function receive(
  deps: DoorDeps,
  door: Door,
  exchange: {
    readonly request: FastifyRequest
    readonly reply: FastifyReply
    readonly bot: string
    readonly channel: ChannelName
  },
): Promise<FastifyReply> {
  const { request, reply, bot, channel } = exchange
  const rawBody = rawBodyOf(request)
  door.verify(rawBody, headerOf(request))
  const event = door.parse(rawBody)
  if (event.kind === 'challenge') return reply.send({ challenge: event.challenge })
  const isNew = await commit(deps, event, { bot, channel, log: request.log })
  if (isNew === undefined) return sendProblem(reply.header('retry-after', '5'), notStored)
  deps.metrics.event({ bot, channel, kind: isNew ? event.kind : 'repeated' })
  if (event.eventType === 'app_rate_limited') request.log.warn({ bot, channel }, 'the platform holds events back')
  return reply.send({})
}

async function commit(
  deps: DoorDeps,
  event: Exclude<InboundEvent, { kind: 'challenge' }>,
  door: { readonly bot: string; readonly channel: ChannelName; readonly log: FastifyBaseLogger },
): Promise<boolean | undefined> {
  try {
    return await deps.record(event, { bot: door.bot, channel: door.channel })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    door.log.error({ bot: door.bot, channel: door.channel, code }, 'the event could not be stored: 503')
    return undefined
  }
}
