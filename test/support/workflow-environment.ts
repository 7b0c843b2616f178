import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import type { Activities, MessageRequest } from '../../activities/contract.ts'
import { conversationsQueue, inferenceQueue } from '../../domain/keys.ts'
import { freePort } from '../../infra/local/ports.ts'
import { startTemporal } from '../../infra/local/temporal.ts'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { takeNamespace } from './namespaces.ts'
import { testSettings } from './settings.ts'
import type { answerMessage } from '../../workflows/answer-message.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

/** A namespace of a Temporal server, and how to leave it. */
export interface TemporalGround {
  readonly environment: TestWorkflowEnvironment
  readonly close: () => Promise<void>
}

/**
 * A namespace of the Temporal server that all tests share.
 * @param serverArgs a server of its own with these further words of its command line, such as settings that make it stricter.
 */
export async function openTemporal(serverArgs: readonly string[] = []): Promise<TemporalGround> {
  const settings = testSettings()
  const server =
    serverArgs.length === 0
      ? undefined
      : await startTemporal({
          executable: settings.temporalExecutable,
          port: await freePort(0),
          uiPort: 0,
          headless: true,
          more: serverArgs,
          logFile: join(settings.folder, `temporal-${randomUUID()}.log`),
          noteIn: join(settings.folder, 'processes'),
        })
  const environment = await TestWorkflowEnvironment.createFromExistingServer({
    address: server?.address ?? settings.temporalAddress,
    namespace: server === undefined ? await takeNamespace() : 'default',
  })
  const close = async () => {
    await environment.teardown()
    await server?.stop()
  }
  return { environment, close }
}

/** A namespace per test file, taken before its tests and left after them. @param serverArgs as `openTemporal` takes them. */
export function useTemporal(serverArgs: readonly string[] = []): {
  readonly client: () => Client
  readonly environment: () => TestWorkflowEnvironment
} {
  let ground: TemporalGround | undefined
  before(async () => {
    ground = await openTemporal(serverArgs)
  })
  after(() => ground?.close())
  const started = () => {
    if (ground === undefined) throw new Error('the Temporal server starts before the tests')
    return ground.environment
  }
  return { environment: started, client: () => started().client }
}

/**
 * Runs one `answerMessage` on real workers whose workflow cache is off, so that every task replays the whole history.
 * `activities` stand in for the outside; a step that is missing is never taken.
 */
export async function runMessage(
  environment: TestWorkflowEnvironment,
  activities: Partial<Activities>,
  options: {
    readonly receivedAt?: number
    readonly during?: (workflowId: string) => Promise<void>
    readonly type?: 'answerMessage' | 'matchPeople'
  } = {},
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
    const handle = await environment.client.workflow.start<typeof answerMessage>(options.type ?? 'answerMessage', {
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
