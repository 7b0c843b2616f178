import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelName } from '../../domain/label.ts'
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
  /** Resolves once everything is known that an event is read by; rejects while the database is down and has not said it. */
  readonly ready: () => Promise<void>
  /** Commits the event. @returns whether it is new. */
  readonly record: (
    event: StorableEvent,
    door: { readonly bot: string; readonly channel: ChannelName },
  ) => Promise<boolean>
}

/** What a door stores. */
type StorableEvent = Extract<InboundEvent, { kind: 'request' | 'ignored' }>

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

export const rawBodyOf = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array()

/** One request at a door. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly bot: string
  readonly channel: ChannelName
}

/** What a door does with a verified request that is not simply stored. */
export interface Answers {
  /** The acknowledgement that tells the person something. */
  readonly told?: (text: string) => unknown
  /** Opens a form and says how the request is acknowledged. */
  readonly form?: (event: Extract<InboundEvent, { kind: 'form' }>) => Promise<unknown>
  /** The acknowledgement when the event could not be stored and will not be delivered again. */
  readonly lost?: () => unknown
}

/** The event is not stored: the platform delivers it again, or the person is told to do so. */
const notAccepted = (reply: FastifyReply, answers: Answers): FastifyReply =>
  answers.lost ? reply.send(answers.lost()) : sendProblem(reply.header('retry-after', '5'), notStored)

/**
 * The whole work of a door (docs/rules.md, rule 1): check the signature on the raw bytes, commit the event, say 200. It answers
 * 503 when the row cannot be committed, so that the platform delivers again, and it never waits for Temporal. What is never
 * delivered again gets 200 and a word to the person instead.
 */
export async function receive(
  deps: DoorDeps,
  door: Door,
  exchange: Exchange,
  answers: Answers = {},
): Promise<FastifyReply> {
  const { request, reply, bot, channel } = exchange
  const place = { bot, channel, log: request.log }
  const rawBody = rawBodyOf(request)
  door.verify(rawBody, headerOf(request))
  if (!(await isReady(deps, place))) return notAccepted(reply, answers)
  const event = door.parse(rawBody)
  if (event.kind === 'challenge') return reply.send({ challenge: event.challenge })
  if (event.kind === 'told') return reply.send(answers.told?.(event.text) ?? {})
  if (event.kind === 'form') return reply.send((await answers.form?.(event)) ?? {})
  const isNew = await commit(deps, event, place)
  if (isNew === undefined) return notAccepted(reply, answers)
  deps.metrics.event({ bot, channel, kind: isNew ? event.kind : 'repeated' })
  if (event.eventType === 'app_rate_limited') request.log.warn({ bot, channel }, 'the platform holds events back')
  return reply.send(answers.told ? '' : {})
}

interface Place {
  readonly bot: string
  readonly channel: ChannelName
  readonly log: FastifyBaseLogger
}

function logNotStored({ bot, channel, log }: Place, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  log.error({ bot, channel, code }, 'the event could not be stored')
}

async function isReady({ ready }: DoorDeps, place: Place): Promise<boolean> {
  try {
    await ready()
    return true
  } catch (error) {
    logNotStored(place, error)
    return false
  }
}

async function commit(deps: DoorDeps, event: StorableEvent, place: Place): Promise<boolean | undefined> {
  try {
    return await deps.record(event, { bot: place.bot, channel: place.channel })
  } catch (error) {
    logNotStored(place, error)
    return undefined
  }
}
