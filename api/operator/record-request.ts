import { businessKeyOf, type InboundRequest } from '../../domain/inbound.ts'
import type { Db } from '../../store/db.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'

/** Commits a question or a vote as a door does; the relay hands it on. */
export async function recordRequest(db: Db, request: InboundRequest, bot: string): Promise<void> {
  const transportKey = `http:${businessKeyOf(request)}`
  await recordEvent(db, { kind: 'request', transportKey, eventType: 'api', request }, { bot, channel: 'http' })
}
