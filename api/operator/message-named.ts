import { summaryOf } from '../../store/messages/find.ts'
import type { MessageSummary } from '../../store/reports.ts'
import type { OperatorDeps } from './context.ts'

/** A message by our id of it, or by the id that a question over HTTP was given. */
export const messageNamed = ({ db, bots }: OperatorDeps, id: string): Promise<MessageSummary | undefined> =>
  summaryOf(
    db,
    id,
    bots().map(({ name }) => name),
  )
