import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { openDatabase, type Db } from '../../../store/db.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { openTemporal } from '../../../test/support/workflow-environment.ts'
import type { Keep } from '../keep-history.ts'

/** A server and a database on which stories are played with stand-ins for the outside. */
export interface Ground {
  readonly environment: TestWorkflowEnvironment
  readonly db: Db
  readonly keep: (story: string, workflowId: string, runId?: string) => Promise<void>
}

/** Words of the server's command line by which a run is long after so many events. */
export const longAfter = (events: number): readonly string[] => [
  '--dynamic-config-value',
  `limit.historyCount.suggestContinueAsNew=${events}`,
]

/** Runs stories on a server of their own. @param serverArgs further words of its command line. */
export async function onServer(
  keep: Keep,
  serverArgs: readonly string[],
  run: (ground: Ground) => Promise<void>,
): Promise<void> {
  const { environment, close } = await openTemporal(serverArgs)
  const database = await createTestDatabase()
  const db = openDatabase(database.url)
  const { address, namespace = 'default' } = environment
  try {
    await run({
      environment,
      db,
      keep: (story, workflowId, runId) =>
        keep(story, { address, namespace, workflowId, ...(runId !== undefined && { runId }) }),
    })
  } finally {
    await db.destroy()
    await database.drop()
    await close()
  }
}
