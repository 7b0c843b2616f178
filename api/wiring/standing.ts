import type { Db } from '../../store/db.ts'
import { waitingEvents } from '../../store/messages/inbound-events.ts'
import { learningCounts } from '../../store/learning/learning-counts.ts'
import { messageCounts } from '../../store/messages/messages.ts'
import type { Standing } from '../metrics.ts'

/** How things stand in the database at this moment. */
export async function standingOf(db: Db): Promise<Standing> {
  const { count, oldestMs } = await waitingEvents(db)
  return {
    waitingEvents: count,
    oldestWaitingMs: oldestMs,
    messages: await messageCounts(db),
    learning: await learningCounts(db),
  }
}
