import type { Command } from 'commander'
import { link } from '../answers.ts'
import { type CommandDeps, createCommand, defineRun } from '../command.ts'

/** `understudy sign-in` */
export const signInCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'sign-in',
      summary: 'Prints a fresh link that signs you in to the pages, once.',
      examples: ['understudy sign-in', 'understudy sign-in --json'],
    }),
    deps,
    async ({ api, terminal, json }) => {
      const made = await api.post('/api/sign-in-links', {}, link)
      if (json) terminal.json(made)
      else {
        terminal.say(made.url)
        terminal.note('It works once, for a few minutes. Whoever opens it is signed in as you.')
      }
      return undefined
    },
  )
