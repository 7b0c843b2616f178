import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { run } from '../../infra/local/processes/programs.ts'
import { testSettings } from '../support/settings.ts'
import { historyShape, scrubHistory } from './scrub-history.ts'

/** The stories of `answerMessage` that are kept, recorded on a real stack. */
export const answerStories = ['answerMessage/answered', 'answerMessage/refused', 'answerMessage/with-retries'] as const
export type AnswerStory = (typeof answerStories)[number]

/** Those of learning, recorded by the tests of their workflows. */
export const learningStories = [
  'coordinateLearning/retrained',
  'retrainModel/registered',
  'rollOutVersion/promoted',
] as const

export type StoryName = AnswerStory | (typeof learningStories)[number]

/** Where the history of a story is kept: a folder per workflow type. */
export const historyFile = (name: StoryName): URL => new URL(`../histories/${name}.json`, import.meta.url)

/** @throws Error when the history was never recorded. */
export const storedHistory = async (name: StoryName) =>
  historyShape.parse(JSON.parse(await readFile(historyFile(name), 'utf8')))

/** Scrubs the history of a run and writes it down, unless the story has one: a file is never recorded anew. */
export async function keepHistory(
  name: StoryName,
  {
    address,
    namespace,
    workflowId,
  }: { readonly address: string; readonly namespace: string; readonly workflowId: string },
): Promise<void> {
  if (existsSync(historyFile(name))) return
  const show = [
    'workflow',
    'show',
    '--workflow-id',
    workflowId,
    '--output',
    'json',
    '--address',
    address,
    '--namespace',
    namespace,
  ]
  const { stdout } = await run(testSettings().temporalExecutable, show, { timeoutMs: 30_000 })
  const path = fileURLToPath(historyFile(name))
  const text = JSON.stringify(scrubHistory(stdout))
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }))
}
