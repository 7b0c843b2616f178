import type { OperationContext } from '../../operations/operation.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import type { Db } from '../../store/db.ts'

/** Operations on a database of the test's own. Without stories, whoever asks something of Temporal fails. */
export const operationContext = (
  db: Db,
  {
    stories = {},
    at = () => undefined,
  }: { readonly stories?: Partial<Stories>; readonly at?: OperationContext['at'] } = {},
): OperationContext => ({ db, at, log: { warn: () => undefined }, stories: () => Promise.resolve(stories as Stories) })
