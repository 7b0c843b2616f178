import { type Client, isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import { botAttribute } from '../../../workflows/messages.ts'
import type { Job, Unreachable } from '../../operator/learning/deps.ts'

/** Nobody waits longer for a page. */
const deadlineMs = 4_000

/** Asks Temporal, for so long. @returns `unreachable` when it does not answer; other errors are the caller's. */
export async function askTemporal<T>(client: Client, ask: () => Promise<T>): Promise<T | Unreachable> {
  try {
    return await client.connection.withDeadline(Date.now() + deadlineMs, ask)
  } catch (error) {
    if (error instanceof ServiceError || isGrpcServiceError(error)) return 'unreachable'
    throw error
  }
}

type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>

/** What the running activity told with its last heartbeat, if that is `{done, all}`. */
function progressOf({ raw }: Described): { readonly done: number; readonly all: number } | undefined {
  const payload = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]
  if (!payload) return undefined
  const value: unknown = defaultPayloadConverter.fromPayload(payload)
  if (typeof value !== 'object' || value === null || !('done' in value) || !('all' in value)) return undefined
  const { done, all } = value
  return typeof done === 'number' && typeof all === 'number' ? { done, all } : undefined
}

/** A workflow that a person waits for, with the bot that it is about; `undefined` when Temporal does not know it or does not answer. */
export async function jobOf<Result>(
  client: Client,
  workflowId: string,
  resultOf: () => Promise<Result>,
): Promise<(Job<Result> & { readonly bot: string }) | undefined> {
  const handle = client.workflow.getHandle(workflowId)
  const found = await askTemporal(client, () => handle.describe()).catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  })
  if (found === undefined || found === 'unreachable') return undefined
  const bot = found.typedSearchAttributes.get(botAttribute) ?? ''
  switch (found.status.name) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
      return { bot, state: 'running', progress: progressOf(found) }
    case 'COMPLETED':
      return { bot, state: 'done', result: await resultOf() }
    default:
      return { bot, state: 'failed' }
  }
}
