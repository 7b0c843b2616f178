import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { scoringDeadlineMs } from '../../domain/outcome.ts'
import { eventually } from '../support/platforms/platform.ts'
import { slackPlatform } from '../support/platforms/slack.ts'
import { xPlatform } from '../support/platforms/x.ts'
import { connectClient } from '../support/namespaces.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { hatPicture } from '../whole-way/pictures.ts'
import { finishedMessage } from '../whole-way/use-stack.ts'
import { type AnswerStory, answerStories, historyFile, keepHistory } from './stored-histories.ts'

/** How each story comes about on a real stack. @returns the id of its workflow. */
const stories: Readonly<Record<AnswerStory, (stack: Stack) => Promise<string>>> = {
  'answerMessage/answered': async (stack) => {
    const x = xPlatform(stack)
    return x.workflowId(await x.ask({ pictures: [await hatPicture('replay')] }))
  },
  'answerMessage/refused': async (stack) => {
    const slack = slackPlatform(stack)
    return slack.workflowId(await slack.ask({ text: 'is this a hat?' }))
  },
  // No version answers until the deadline is over, and then the platform refuses the reply twice for a while.
  'answerMessage/with-retries': async (stack) => {
    const slack = slackPlatform(stack)
    await stack.stop('inference')
    await slack.faults({ kind: 'rate_limited', times: 2, retryAfter: 1 })
    const askedAt = Date.now()
    const workflowId = slack.workflowId(await slack.ask({ pictures: [await hatPicture('retries')] }))
    const pastDeadline = async () => Promise.resolve(Date.now() - askedAt > scoringDeadlineMs + 1_000 || undefined)
    await eventually(pastDeadline, { timeoutMs: scoringDeadlineMs * 2, what: 'the deadline' })
    await stack.start('inference')
    return workflowId
  },
}

const missing = answerStories.filter((name) => !existsSync(historyFile(name)))

test('histories that are missing are recorded', { skip: missing.length === 0 && 'all are there' }, async () => {
  const stack = await startStack()
  const { connection, workflow } = await connectClient(stack.temporal)
  try {
    for (const name of missing) {
      const workflowId = await stories[name](stack)
      await finishedMessage(stack, workflowId, 60_000)
      const handle = workflow.getHandle(workflowId)
      await handle.result()
      await keepHistory(name, { ...stack.temporal, workflowId })
    }
  } finally {
    await connection.close()
    await stack.close()
  }
})
