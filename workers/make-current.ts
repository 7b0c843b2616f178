import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import { errorFields } from '../infra/logger.ts'
import { openTemporalClient, workerIdentity } from '../infra/temporal-client.ts'
import { type DeployedRole, deployedRoles, type DeploymentVersion, versionOf } from './deployment.ts'
import { type ProcessContext, runProcess, tellSupervisor } from './process.ts'

/** Temporal knows a version when its first worker has asked for tasks, and takes it when all its queues are looked after. */
const patienceMs = 120_000
const pauseMs = 1_000
const callDeadlineMs = 10_000

/** The roles that the command line names; all when it names none. @throws Error for one that there is not. */
function rolesAsked(): readonly DeployedRole[] {
  const { values } = parseArgs({ options: { roles: { type: 'string' } } })
  const asked = values.roles?.split(',').map((role) => role.trim()) ?? deployedRoles
  return asked.map((name) => {
    const role = deployedRoles.find((each) => each === name)
    if (role === undefined) throw new Error(`--roles: there is no role ${name}; known are ${deployedRoles.join(', ')}`)
    return role
  })
}

/** @throws ServiceError of the Temporal client when the server does not take it in time. */
async function makeCurrent(client: Client, version: DeploymentVersion, log: Logger): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      const { namespace } = client.options
      const request = { namespace, ...version, identity: workerIdentity('make-current') }
      await client.connection.withDeadline(Date.now() + callDeadlineMs, () =>
        client.workflowService.setWorkerDeploymentCurrentVersion(request),
      )
      return
    } catch (error) {
      if (Date.now() > until) throw error
      log.info({ ...version, ...errorFields(error) }, 'Temporal does not take the version yet: its workers have to run')
      await sleep(pauseMs)
    }
  }
}

async function deploy({ config, log, onRelease }: ProcessContext): Promise<readonly DeploymentVersion[]> {
  const roles = rolesAsked()
  if (config.versioning.mode === 'off') {
    log.info('WORKFLOW_VERSIONING is off: workers take every task, and there is nothing to make current')
    return []
  }
  const { client, close } = openTemporalClient(config)
  onRelease(close)
  const versions = await Promise.all(roles.map((role) => versionOf(config, role)))
  for (const version of versions) {
    await makeCurrent(client, version, log)
    log.info(version, 'this version is current')
  }
  return versions
}

/**
 * Makes the versions of this build current, role by role (`--roles`, all when left out), then ends: new workflows begin with them from then on.
 * It runs when the new workers do, and does not end the old ones: those are needed until what began with them is over (docs/operations.md).
 */
await runProcess('make-current', async (context) => {
  const versions = await deploy(context)
  tellSupervisor({ type: 'done', result: { versions } })
  process.kill(process.pid, 'SIGTERM')
  return {}
})
