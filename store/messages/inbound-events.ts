import { sql } from 'kysely'
import type { ChannelName } from '../../domain/label.ts'
import { businessKeyOf, type InboundAction, type InboundEvent, type InboundRequest } from '../../domain/inbound.ts'
import type { Db } from '../db.ts'

/** The PostgreSQL channel on which the door tells the relay that something is waiting. */
export const inboundChannel = 'understudy_inbound'

/** What a door stores. */
export type StorableEvent = Extract<InboundEvent, { kind: 'request' | 'ignored' }>

/**
 * Commits one delivery. A repeated delivery, or another event of the same message, changes nothing.
 * @returns whether the event is new.
 */
export async function recordEvent(
  db: Db,
  event: StorableEvent,
  door: { readonly bot: string; readonly channel: ChannelName },
): Promise<boolean> {
  const request = event.kind === 'request' ? event.request : undefined
  const { rows } = await sql`
    with event as (
      insert into inbound_events (transport_key, business_key, bot, channel, event_type, ignored_because, request)
      values (${event.transportKey}, ${request ? businessKeyOf(request) : null}, ${door.bot}, ${door.channel}, ${event.eventType},
              ${event.kind === 'ignored' ? event.reason : null}, ${request ? JSON.stringify(request) : null})
      on conflict do nothing
      returning request
    )
    select case when request is null then null else pg_notify(${inboundChannel}, '') end from event`.execute(db)
  return rows.length > 0
}

/** A request that waits for its workflow. */
export interface WaitingEvent {
  readonly id: number
  readonly bot: string
  readonly channel: ChannelName
  readonly request: InboundRequest
  readonly receivedAt: Date
  /** How often it was taken, this time included. */
  readonly attempts: number
  /** It waited while its bot was paused, and the operator did not say answer. */
  readonly paused: boolean
}

/** A paused bot answers nobody; what people decide about its versions is heard, above all that one is taken back. */
const heard = sql`(request ->> 'kind' in ('decision', 'order', 'blind-label', 'label-addition') or bot not in (select bot from pauses))`
const waiting = sql`started_at is null and request is not null and parked_at is null and ${heard}`
/** Nobody has it, and its time has come. */
const due = sql`coalesce(claimed_until, '-infinity') < now() and coalesce(next_attempt_at, '-infinity') < now()`

/**
 * Leases waiting events to the caller, as many of each bot as of any other: one whose events all fail keeps no other waiting. The
 * lease is a time in the row, not a lock, so nothing is held while the caller talks to Temporal; when the caller dies, the event is
 * free again after `leaseMs`.
 */
export async function claimEvents(
  db: Db,
  options: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly WaitingEvent[]> {
  const { rows } = await sql<{
    id: number
    bot: string
    channel: ChannelName
    request: InboundRequest
    received_at: Date
    paused: boolean
    attempts: number
  }>`
    with bots as (select distinct bot from inbound_events where ${waiting} and ${due}),
    turns as (
      select event.id, event.turn from bots, lateral (
        select id, row_number() over (order by id) as turn from inbound_events
        where bot = bots.bot and ${waiting} and ${due} order by id limit ${options.limit}
      ) as event
      order by event.turn, event.id limit ${options.limit}
    ),
    free as (
      select id from inbound_events where id in (select id from turns) and ${waiting} and ${due} for update skip locked
    )
    update inbound_events set claimed_until = now() + ${options.leaseMs} * interval '1 millisecond', attempts = attempts + 1
    where id in (select id from free)
    returning id, bot, channel, request, received_at, paused, attempts`.execute(db)
  return rows
    .map(({ received_at: receivedAt, ...row }) => ({ ...row, receivedAt }))
    .sort((one, other) => one.id - other.id)
}

/** Records, last of all, that the workflows of these events are known to Temporal. */
export async function markStarted(db: Db, ids: readonly number[]): Promise<void> {
  await sql`update inbound_events set started_at = now() where id = any(${ids})`.execute(db)
}

/** What an attempt to hand on an event has met. */
export interface FailedAttempt {
  readonly id: number
  /** When it may be tried again. */
  readonly waitMs: number
  /** The code of an error that is the event's own fault; left out: an outage, which says nothing about the event. */
  readonly atFault?: string | undefined
}

/** So many attempts that fail alike, by its own fault, and an event is put aside. */
const parkedAfter = 5

/**
 * Gives an event back that could not be handed on. One that has failed so often by its own fault is parked: nobody tries it again.
 * @returns whether it was parked.
 */
export async function releaseEvent(db: Db, { id, waitMs, atFault }: FailedAttempt): Promise<boolean> {
  const code = atFault ?? null
  const { rows } = await sql<{ parked: boolean }>`
    update inbound_events set claimed_until = null, next_attempt_at = now() + ${waitMs} * interval '1 millisecond',
      failing_with = ${code}::text,
      failed_alike = case when ${code}::text is null then 0 when failing_with = ${code}::text then failed_alike + 1 else 1 end,
      parked_at = case when failing_with = ${code}::text and failed_alike + 1 >= ${parkedAfter} then now() end
    where id = ${id} and started_at is null
    returning parked_at is not null as parked`.execute(db)
  return rows[0]?.parked ?? false
}

/** Events that were put aside within the last week: how many there are, and of which bots. */
export async function parkedEvents(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ bot: string; count: number }>`
    select bot, count(*)::int as count from inbound_events
    where parked_at > now() - interval '7 days' group by bot`.execute(db)
  return new Map(rows.map(({ bot, count }) => [bot, count]))
}

/** What was asked of a bot itself, by the row of its event. @throws Error when that is something else. */
export async function actionOfEvent(db: Db, id: number): Promise<InboundAction> {
  const row = await db.selectFrom('inbound_events').select('request').where('id', '=', id).executeTakeFirst()
  const request = row?.request
  if (!request || !isAction(request)) throw new TypeError('the event is no action')
  return request
}

/** Whether a request is asked of the bot itself, rather than for an answer. */
const isAction = (request: InboundRequest): request is InboundAction =>
  request.kind === 'decision' ||
  request.kind === 'order' ||
  request.kind === 'blind-label' ||
  request.kind === 'label-addition'

/** How many events wait, and how long the oldest has, in milliseconds. */
export async function waitingEvents(db: Db): Promise<{ readonly count: number; readonly oldestMs: number }> {
  const { rows } = await sql<{ count: number; oldest_ms: number | null }>`
    select count(*)::int as count, (extract(epoch from now() - min(received_at)) * 1000)::float8 as oldest_ms
    from inbound_events where ${waiting}`.execute(db)
  return { count: rows[0]?.count ?? 0, oldestMs: rows[0]?.oldest_ms ?? 0 }
}
