import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import type { Activities, MessageRequest } from '../../activities/contract.ts'
import { conversationsQueue, inferenceQueue } from '../../domain/keys.ts'
import { freePort } from '../../infra/local/ports.ts'
import { startTemporal, type TemporalServer } from '../../infra/local/temporal.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { takeNamespace } from './namespaces.ts'
import { testSettings } from './settings.ts'
import type { answerMessage } from '../../workflows/answer-message.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

/**
 * A namespace per test file on the Temporal server that all tests share.
 * @param serverArgs a server of its own with these further words of its command line, such as settings that make it stricter.
 */
export function useTemporal(serverArgs: readonly string[] = []): {
  readonly client: () => Client
  readonly environment: () => TestWorkflowEnvironment
  /** Where the run of a workflow can be looked up. */
  readonly run: (workflowId: string) => {
    readonly address: string
    readonly namespace: string
    readonly workflowId: string
  }
} {
  let environment: TestWorkflowEnvironment | undefined
  let server: TemporalServer | undefined
  before(async () => {
    const settings = testSettings()
    if (serverArgs.length > 0)
      server = await startTemporal({
        executable: settings.temporalExecutable,
        port: await freePort(0),
        uiPort: 0,
        headless: true,
        more: serverArgs,
        logFile: join(settings.folder, `temporal-${randomUUID()}.log`),
        noteIn: join(settings.folder, 'processes'),
      })
    environment = await TestWorkflowEnvironment.createFromExistingServer({
      address: server?.address ?? settings.temporalAddress,
      namespace: server === undefined ? await takeNamespace() : 'default',
    })
  })
  after(async () => {
    await environment?.teardown()
    await server?.stop()
  })
  const started = () => {
    if (environment === undefined) throw new Error('the Temporal server starts before the tests')
    return environment
  }
  return {
    environment: started,
    client: () => started().client,
    run: (workflowId) => ({
      address: started().address,
      namespace: started().namespace ?? 'default',
      workflowId,
    }),
  }
}

/**
 * Runs one `answerMessage` on real workers whose workflow cache is off, so that every task replays the whole history.
 * `activities` stand in for the outside; a step that is missing is never taken.
 */
export async function runMessage(
  environment: TestWorkflowEnvironment,
  activities: Partial<Activities>,
  options: { readonly receivedAt?: number; readonly during?: (workflowId: string) => Promise<void> } = {},
) {
  const shared = {
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    workflowBundle,
    maxCachedWorkflows: 0,
  }
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: conversationsQueue('http'), activities }),
    Worker.create({
      connection: environment.nativeConnection,
      namespace: environment.namespace ?? 'default',
      taskQueue: inferenceQueue,
      activities,
    }),
  ])
  const running = workers.map((worker) => worker.run())
  const request: MessageRequest = {
    messageId: randomUUID(),
    bot: 'test-bot',
    channel: 'http',
    receivedAt: options.receivedAt ?? Date.now(),
  }
  const workflowId = `answer:test-bot:http:${request.messageId}`
  try {
    const handle = await environment.client.workflow.start<typeof answerMessage>('answerMessage', {
      workflowId,
      taskQueue: conversationsQueue('http'),
      args: [request],
    })
    await options.during?.(workflowId)
    return { end: await handle.result(), handle, request }
  } finally {
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  }
}
