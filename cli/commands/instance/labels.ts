import type { Command } from 'commander'
import { type BotLabels, botLabels } from '../../../api/contract/bots.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { WrongUse } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { botCalled } from './bots.ts'

function show({ terminal, json }: CommandContext, known: BotLabels, said: readonly string[] = []): void {
  if (json) {
    terminal.json(known)
    return
  }
  const width = Math.max(...known.labels.map(({ id }) => id.length))
  const lines = known.labels.map(({ id, words }) => `${id.padEnd(width)}  ${harmless(words)}`)
  for (const line of [...said, ...lines]) terminal.say(line)
}

async function add(context: CommandContext, bot: string, [id, ...words]: readonly string[]): Promise<void> {
  if (id === undefined || words.length === 0)
    throw new WrongUse('A label needs an id and words.', `Type: understudy labels ${bot} add <id> <words>`)
  const path = `/api/bots/${encodeURIComponent(bot)}/labels`
  const known = await context.api.post(path, { id, words: words.join(' ') }, botLabels)
  show(context, known, [`${bot} offers ${id} from now on; it names it itself once a version has learned it.`, ''])
}

async function labels(context: CommandContext, [name = '', action, ...rest]: readonly string[]): Promise<undefined> {
  if (action !== undefined && action !== 'add')
    throw new WrongUse(
      `Labels can be added, not ${harmless(action)}.`,
      `Type: understudy labels ${name} add <id> <words>`,
    )
  const bot = await botCalled(context.api, name)
  if (action === 'add') await add(context, bot.name, rest)
  else show(context, { bot: bot.name, labels: bot.labels })
}

/** `understudy labels` */
export const labelsCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'labels <bot> [add <id> <words>]',
      summary: 'What a bot knows; with add, a reviewer gives it a label that people can choose from now on.',
      examples: ['understudy labels team-router', 'understudy labels team-router add design the design team'],
    })
      .argument('<bot>', 'the name of the bot')
      .argument('[action]', 'add, or nothing to list them')
      .argument('[id]', 'lower-case letters, digits and dashes')
      .argument('[words...]', 'what people read'),
    deps,
    labels,
  )
