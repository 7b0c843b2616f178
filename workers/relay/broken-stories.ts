import type { Client } from '@temporalio/client'

/** Workflows of one type whose code fails again and again. */
export interface BrokenStory {
  readonly type: string
  /** At most as many as one look counts. */
  readonly count: number
}

const askDeadlineMs = 5_000
/** More than this need not be counted before somebody looks. */
const mostCounted = 1_000

/** Temporal sets this attribute when the tasks of a workflow have failed several times in a row, and clears it when one succeeds. */
const query = 'TemporalReportedProblems IS NOT NULL AND ExecutionStatus = "Running"'

/**
 * The types of workflow that cannot go on because their code fails: a bug, or a change that open workflows cannot replay.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function brokenStories(client: Client): Promise<readonly BrokenStory[]> {
  const counts = new Map<string, number>()
  await client.connection.withDeadline(Date.now() + askDeadlineMs, async () => {
    let left = mostCounted
    for await (const { type } of client.workflow.list({ query, pageSize: 200 })) {
      counts.set(type, (counts.get(type) ?? 0) + 1)
      if ((left -= 1) === 0) break
    }
  })
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .toSorted((one, other) => one.type.localeCompare(other.type))
}
