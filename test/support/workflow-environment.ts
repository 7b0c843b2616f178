import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import type { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import type { Activities, MessageRequest } from '../../activities/contract.ts'
import { SearchAttributeType } from '@temporalio/common'
import { conversationsQueue, inferenceQueue } from '../../domain/keys.ts'
import { testSettings } from './settings.ts'
import type { answerMessage } from '../../workflows/answer-message.ts'

const searchAttributes = ['Bot', 'Channel', 'Outcome', 'ModelVersion', 'Stage'].map((name) => ({
  name,
  type: SearchAttributeType.KEYWORD,
}))

Runtime.install({ logger: new DefaultLogger('ERROR') })

/**
 * One Temporal dev server per test file, started before its tests and stopped after them.
 * @param serverArgs further words of its command line, such as settings that make it stricter.
 */
export function useTemporal(serverArgs: readonly string[] = []): {
  readonly client: () => Client
  readonly environment: () => TestWorkflowEnvironment
  /** Where the run of a workflow can be looked up. */
  readonly run: (workflowId: string) => { readonly address: string; readonly workflowId: string }
} {
  let environment: TestWorkflowEnvironment | undefined
  before(async () => {
    const executable = { type: 'existing-path' as const, path: testSettings().temporalExecutable }
    environment = await TestWorkflowEnvironment.createLocal({
      server: { executable, searchAttributes, extraArgs: [...serverArgs] },
    })
  })
  after(() => environment?.teardown())
  const started = () => {
    if (environment === undefined) throw new Error('the Temporal server starts before the tests')
    return environment
  }
  return {
    environment: started,
    client: () => started().client,
    run: (workflowId) => ({ address: started().address, workflowId }),
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
  const { workflowBundle } = testSettings()
  const shared = {
    connection: environment.nativeConnection,
    workflowBundle: { codePath: workflowBundle },
    maxCachedWorkflows: 0,
  }
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: conversationsQueue('http'), activities }),
    Worker.create({ connection: environment.nativeConnection, taskQueue: inferenceQueue, activities }),
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
