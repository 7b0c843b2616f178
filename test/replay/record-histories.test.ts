import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { testSettings } from '../support/settings.ts'
import { run } from '../../infra/local/processes/programs.ts'
import { scoringDeadlineMs } from '../../domain/outcome.ts'
import { eventually } from '../support/platforms/platform.ts'
import { slackPlatform } from '../support/platforms/slack.ts'
import { xPlatform } from '../support/platforms/x.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { hatPicture } from '../whole-way/pictures.ts'
import { finishedMessage } from '../whole-way/use-stack.ts'
import { scrubHistory } from './scrub-history.ts'
import { historyFile, type StoryName, storyNames } from './stored-histories.ts'

/** How each story comes about on a real stack. @returns the id of its workflow. */
const stories: Readonly<Record<StoryName, (stack: Stack) => Promise<string>>> = {
  answered: async (stack) => {
    const x = xPlatform(stack)
    return x.workflowId(await x.ask({ pictures: [await hatPicture('replay')] }))
  },
  refused: async (stack) => {
    const slack = slackPlatform(stack)
    return slack.workflowId(await slack.ask({ text: 'is this a hat?' }))
  },
  // No version answers until the deadline is over, and then the platform refuses the reply twice for a while.
  'with-retries': async (stack) => {
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

async function completedHistory(stack: Stack, workflowId: string): Promise<string> {
  const { temporalExecutable: temporal } = testSettings()
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--output', 'json', '--address']
  return eventually(
    async () => {
      const { stdout } = await run(temporal, [...show, stack.temporal().address], { timeoutMs: 30_000 })
      return stdout.includes('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED') ? stdout : undefined
    },
    { timeoutMs: 30_000, what: `the end of ${workflowId}` },
  )
}

const missing = storyNames.filter((name) => !existsSync(historyFile(name)))

test('histories that are missing are recorded', { skip: missing.length === 0 && 'all are there' }, async () => {
  const stack = await startStack()
  try {
    for (const name of missing) {
      const workflowId = await stories[name](stack)
      await finishedMessage(stack, workflowId, 60_000)
      const history = scrubHistory(await completedHistory(stack, workflowId))
      assert.equal(history.events.at(-1)?.eventType, 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED')
      const path = fileURLToPath(historyFile(name))
      await writeFile(path, await format(JSON.stringify(history), { ...(await resolveConfig(path)), filepath: path }))
    }
  } finally {
    await stack.close()
  }
})
