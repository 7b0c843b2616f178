import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { WorkerDeploymentOptions } from '@temporalio/worker'
import type { Config } from '../infra/config.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** The roles whose workers take tasks of Temporal. */
export const deployedRoles = ['conversations', 'inference', 'learning', 'training'] as const
export type DeployedRole = (typeof deployedRoles)[number]

/** Temporal's name of what a worker runs: a Worker Deployment, and the build of it. */
export interface DeploymentVersion {
  readonly deploymentName: string
  readonly buildId: string
}

/** The same workflows have the same build id, on whatever machine they run: a process that starts again is the same version. */
async function fingerprintOfBundle(): Promise<string> {
  const bundle = await readFile(workflowBundle.codePath)
  return createHash('sha256').update(bundle).digest('hex').slice(0, 16)
}

/** Which version the workers of a role are. */
export async function versionOf({ versioning }: Config, role: DeployedRole): Promise<DeploymentVersion> {
  return {
    deploymentName: versioning.deploymentName ?? `understudy-${role}`,
    buildId: versioning.buildId ?? (await fingerprintOfBundle()),
  }
}

/**
 * What a role's workers are created with. Unversioned, they take every task. Pinned, they take tasks when `make-current.ts`, or whoever
 * else deploys, has made their version current; workflows then go on with the current version, but for those that `workflows/index.ts` pins.
 */
export async function deploymentOptions(
  config: Config,
  role: DeployedRole,
): Promise<{ readonly workerDeploymentOptions?: WorkerDeploymentOptions }> {
  if (config.versioning.mode === 'off') return {}
  const version = await versionOf(config, role)
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' } }
}
