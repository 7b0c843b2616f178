import { parseArgs } from 'node:util'
import { type Stack, type StackOptions, startStack } from './stack.ts'

/** Where a story prints what people say and read. */
export interface Narrator {
  readonly scene: (title: string) => void
  readonly says: (who: string, text: string) => void
  readonly notes: (text: string) => void
}

const indent = (text: string) => text.split('\n').join('\n               ')

export const narrator = (print: (line: string) => void): Narrator => ({
  scene: (title) => print(`\n— ${title}`),
  says: (who, text) => print(`  ${who.padEnd(12)} ${indent(text)}`),
  notes: (text) => print(`               (${indent(text)})`),
})

/** A scripted session: it tells itself while it runs, and throws where it does not go as told. */
export interface Story {
  readonly bots: readonly string[]
  /** Whatever else its stack needs. */
  readonly stack?: () => Promise<StackOptions>
  readonly tell: (stack: Stack, narrator: Narrator) => Promise<void>
}

/** Runs a story on a stack of its own. */
export async function runStory(story: Story, print: (line: string) => void): Promise<void> {
  const { env, ...options } = (await story.stack?.()) ?? {}
  const stack = await startStack({ bots: story.bots, ...options, env: { LOG_LEVEL: 'warn', ...env } })
  try {
    await story.tell(stack, narrator(print))
  } finally {
    await stack.close()
  }
}

/** Runs a story as a program: `npm run story -- <name>`. */
export async function tellStory(story: Story): Promise<void> {
  parseArgs({ options: { json: { type: 'boolean', default: false } } })
  const started = performance.now()
  await runStory(story, (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(`\nThe end, after ${((performance.now() - started) / 1000).toFixed(1)} s.\n`)
}
