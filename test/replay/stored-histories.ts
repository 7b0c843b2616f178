import { readFile } from 'node:fs/promises'
import { historyShape } from './scrub-history.ts'

/** The stories of `answerMessage` that are kept, each in a file of its name. */
export const storyNames = ['answered', 'refused', 'with-retries'] as const
export type StoryName = (typeof storyNames)[number]

/** Where the history of a story is kept. */
export const historyFile = (name: StoryName): URL => new URL(`../histories/answerMessage/${name}.json`, import.meta.url)

/** @throws Error when the history was never recorded. */
export const storedHistory = async (name: StoryName) =>
  historyShape.parse(JSON.parse(await readFile(historyFile(name), 'utf8')))
