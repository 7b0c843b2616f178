import type { Command } from 'commander'
import type { z } from 'zod'
import { paused, resumed } from '../../../api/contract/bots.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { botCalled } from './bots.ts'

async function set(
  context: CommandContext,
  name: string,
  change: { readonly path: string; readonly body: object; readonly answer: z.ZodType; readonly said: string },
) {
  const { api, terminal, json } = context
  const bot = await botCalled(api, name)
  const state = await api.post(`/api/bots/${encodeURIComponent(bot.name)}/${change.path}`, change.body, change.answer)
  if (json) terminal.json(state)
  else terminal.say(`${bot.name} ${change.said}`)
  return undefined
}

const pauseWords = {
  usage: 'pause <bot>',
  summary: 'Lets a bot rest: messages are kept and not answered until it is resumed.',
  examples: ['understudy pause fedora-finder'],
}

/** `understudy pause` */
export const pauseCommand = (deps: CommandDeps): Command =>
  defineRun(createCommand(pauseWords).argument('<bot>', 'the name of the bot'), deps, (context, [name = '']) =>
    set(context, name, {
      path: 'pause',
      body: {},
      answer: paused,
      said: `rests; messages are kept. next: understudy resume ${name}`,
    }),
  )

const resumeWords = {
  usage: 'resume <bot>',
  summary:
    'Ends the pause. Messages that waited longer than the bot answers within expire, unless you say --answer-all.',
  examples: ['understudy resume fedora-finder', 'understudy resume fedora-finder --answer-all'],
}

/** `understudy resume` */
export function resumeCommand(deps: CommandDeps): Command {
  const command = createCommand(resumeWords)
    .argument('<bot>', 'the name of the bot')
    .option('--answer-all', 'answer old messages too')
  return defineRun(command, deps, (context, [name = '']) => {
    const { answerAll = false } = command.opts<{ readonly answerAll?: true }>()
    const said = answerAll
      ? 'works again and answers everything that waited'
      : 'works again; what is too old by now expires'
    return set(context, name, { path: 'resume', body: { answerAll }, answer: resumed, said })
  })
}
