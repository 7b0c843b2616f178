import type { WorkflowDefinitionOptions } from '@temporalio/common'
import { workflowInfo } from '@temporalio/workflow'

/**
 * For stories that are over within days: a run stays with the build that it began with. A worker that says no build may not ask for that
 * (the server refuses its tasks), so the run is asked who took its first task.
 */
export const pinned = (): WorkflowDefinitionOptions =>
  (workflowInfo().currentDeploymentVersion?.deploymentName ?? '') === '' ? {} : { versioningBehavior: 'PINNED' }
