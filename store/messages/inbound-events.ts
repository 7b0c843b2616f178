import { sql } from 'kysely'
import type { ChannelName } from '../../domain/bot.ts'
import { businessKeyOf, type InboundEvent, type InboundRequest } from '../../domain/inbound.ts'
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
  readonly request: InboundRequest
  readonly receivedAt: Date
  /** It waited while its bot was paused, and the operator did not say answer. */
  readonly paused: boolean
}

/** A paused bot answers nobody; what people decide about its versions is heard, above all that one is taken back. */
const heard = sql`(request ->> 'kind' in ('decision', 'order', 'blind-label') or bot not in (select bot from pauses))`

/**
 * Leases waiting events to the caller. The lease is a time in the row, not a lock, so nothing is held while the caller
 * talks to Temporal; when the caller dies, the event is free again after `leaseMs`.
 */
export async function claimEvents(
  db: Db,
  options: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly WaitingEvent[]> {
  const { rows } = await sql<{ id: number; request: InboundRequest; received_at: Date; paused: boolean }>`
    update inbound_events set claimed_until = now() + ${options.leaseMs} * interval '1 millisecond'
    where id in (
      select id from inbound_events
      where started_at is null and request is not null and (claimed_until is null or claimed_until < now())
        and ${heard}
      order by id limit ${options.limit} for update skip locked
    )
    returning id, request, received_at, paused`.execute(db)
  return rows
    .map((row) => ({ id: row.id, request: row.request, receivedAt: row.received_at, paused: row.paused }))
    .sort((one, other) => one.id - other.id)
}

/** Records, last of all, that the workflows of these events are known to Temporal. */
export async function markStarted(db: Db, ids: readonly number[]): Promise<void> {
  await sql`update inbound_events set started_at = now() where id = any(${ids})`.execute(db)
}

/** Gives an event back at once, when its start failed, so that the next sweep takes it. */
export async function releaseEvent(db: Db, id: number): Promise<void> {
  await db
    .updateTable('inbound_events')
    .set({ claimed_until: sql<Date>`now() + interval '1 second'` })
    .where('id', '=', id)
    .where('started_at', 'is', null)
    .execute()
}

/** How many events wait, and how long the oldest has, in milliseconds. */
export async function waitingEvents(db: Db): Promise<{ readonly count: number; readonly oldestMs: number }> {
  const { rows } = await sql<{ count: number; oldest_ms: number | null }>`
    select count(*)::int as count, (extract(epoch from now() - min(received_at)) * 1000)::float8 as oldest_ms
    from inbound_events
    where started_at is null and request is not null and ${heard}`.execute(db)
  return { count: rows[0]?.count ?? 0, oldestMs: rows[0]?.oldest_ms ?? 0 }
}
