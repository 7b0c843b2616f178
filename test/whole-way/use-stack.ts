import { after, before } from 'node:test'
import type { Client } from '@temporalio/client'
import type { Outcome } from '../../domain/outcome.ts'
import { eventually } from '../support/platforms/platform.ts'
import { connectClient } from '../support/namespaces.ts'
import { type Stack, type StackOptions, startStack } from '../support/stack.ts'

/** One stack per test file, with a client of its Temporal server. */
export function useStack(options: StackOptions = {}): {
  readonly stack: () => Stack
  readonly temporal: () => Client
} {
  const open: { stack?: Stack; client?: Client } = {}
  before(async () => {
    open.stack = await startStack(options)
    open.client = await connectClient(open.stack.temporal)
  })
  after(async () => {
    await open.client?.connection.close()
    await open.stack?.close()
  })
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the stack starts before the tests')
    return part
  }
  return { stack: () => started(open.stack), temporal: () => started(open.client) }
}

/** The message of a workflow, once its outcome is recorded. */
export async function finishedMessage(
  stack: Stack,
  workflowId: string,
  timeoutMs = 30_000,
): Promise<{ readonly id: string; readonly outcome: Outcome; readonly reason: string | null }> {
  return eventually(
    async () => {
      const row = await stack.db
        .selectFrom('messages')
        .select(['id', 'outcome', 'outcome_reason as reason'])
        .where('workflow_id', '=', workflowId)
        .executeTakeFirst()
      return row?.outcome ? { ...row, outcome: row.outcome } : undefined
    },
    { timeoutMs, what: `the outcome of ${workflowId}` },
  )
}
