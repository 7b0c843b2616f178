import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { conversationsQueue } from '../../domain/keys.ts'
import { connectWorkers, installRuntime } from '../../infra/temporal.ts'
import { runProcess } from '../../workers/process.ts'
import { workerLimits } from '../../workers/limits.ts'
import type { BareActivities } from './bare-workflow.ts'

/** A worker with the product's own settings and nothing to do: what the product's conversations worker is compared with. */
await runProcess('bare worker', async ({ config, log, onRelease, stopping, fail }) => {
  installRuntime(log)
  const workflowsPath = fileURLToPath(new URL('bare-workflow.ts', import.meta.url))
  const workflowBundle = await bundleWorkflowCode({ workflowsPath })
  const connection = await connectWorkers(config, log, { stopping })
  onRelease(() => connection.close())
  const activities: BareActivities = { first: () => Promise.resolve('done'), second: () => Promise.resolve('done') }
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: conversationsQueue('slack'),
    workflowBundle,
    activities,
    ...workerLimits,
  })
  const running = worker.run().catch(fail)
  onRelease(async () => {
    worker.shutdown()
    await running
  })
  return {}
})
