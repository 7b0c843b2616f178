import { Worker, type WorkerOptions } from '@temporalio/worker'
import { translateFailures } from '../activities/failures.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import { type DeployedRole, deploymentOptions } from './deployment.ts'
import type { RoleContext } from './process.ts'

interface RoleOptions extends Omit<WorkerOptions, 'connection' | 'namespace' | 'identity' | 'interceptors'> {
  /** Which worker of the product this is, for its identity and its deployment. */
  readonly role: DeployedRole
  /** What the log says when one of its activities fails. */
  readonly failed: string
}

/** Runs a worker of one queue until the process is released; a worker that stops by itself ends the process. */
export async function createWorker(
  { config, log, onRelease, fail, temporal }: RoleContext,
  { role, failed, ...options }: RoleOptions,
): Promise<void> {
  const worker = await Worker.create({
    ...options,
    ...(await deploymentOptions(config, role)),
    connection: await temporal(),
    namespace: config.temporal.namespace,
    identity: workerIdentity(role),
    interceptors: {
      activity: [translateFailures((activity, error) => log.warn({ activity, ...errorFields(error) }, failed))],
    },
  })
  const running = worker.run().catch(fail)
  onRelease(async () => {
    worker.shutdown()
    await running
  })
}
