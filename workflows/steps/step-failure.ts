import { ActivityFailure, isCancellation } from '@temporalio/workflow'

/**
 * Whether a step gave up or was cancelled, which a story goes on from. Whatever else is thrown is a bug: it fails the workflow task,
 * which Temporal tries again until the fix is deployed (docs/operations.md).
 */
export const isStepFailure = (error: unknown): boolean => error instanceof ActivityFailure || isCancellation(error)

/** For a step that the story can do without. @throws what is no failure of a step. */
export function letGo(error: unknown): undefined {
  if (!isStepFailure(error)) throw error
  return undefined
}
