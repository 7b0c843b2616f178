import type { Command } from 'commander'
import { signInLink } from '../../../api/contract/people.ts'
import { type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { personCalled } from './people.ts'

/** `understudy sign-in` */
export function signInCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'sign-in',
    summary: 'Prints a fresh link that signs you, or somebody else, in to the pages, once.',
    examples: ['understudy sign-in', 'understudy sign-in --as U0DMITRI', 'understudy sign-in --json'],
  }).option('--as <person>', 'the id that their platform gives them, or our own')
  return defineRun(command, deps, async ({ api, terminal, json }) => {
    const { as } = command.opts<{ readonly as?: string }>()
    const personId = as === undefined ? undefined : await personCalled(api, as)
    const made = await api.post('/api/sign-in-links', { personId }, signInLink)
    if (json) terminal.json(made)
    else {
      terminal.say(made.url)
      const who = personId === undefined ? 'you' : 'them: give it to nobody else'
      terminal.note(`It works once, for a few minutes. Whoever opens it is signed in as ${who}.`)
    }
    return undefined
  })
}
