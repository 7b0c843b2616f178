import type { Command } from 'commander'
import { blindLabelTaken, questions } from '../../../api/contract/questions.ts'
import { type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { WrongUse } from '../../failure.ts'
import { openKeys } from '../../keys.ts'
import { askByKey, inputText, pathOf } from '../../label/ask-by-key.ts'
import { botCalled } from '../instance/bots.ts'

/** `understudy label` */
export function labelCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'label <bot>',
    summary: 'Questions that decide over a version, without saying who said what; one key per label on a terminal.',
    examples: [
      'understudy label team-router',
      'understudy label team-router --json',
      'understudy label team-router --question 7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d --answer design',
    ],
  })
    .argument('<bot>', 'the name of the bot')
    .option('--question <id>', 'answer this question')
    .option('--answer <label>', 'with this label, or cannot-tell')
  return defineRun(command, deps, async (context, [name = '']) => {
    const { api, terminal, json } = context
    const { question: id, answer: said } = command.opts<{ readonly question?: string; readonly answer?: string }>()
    if ((id === undefined) !== (said === undefined))
      throw new WrongUse('--question and --answer belong together.', 'Help: understudy label --help')
    const bot = await botCalled(api, name)
    if (id !== undefined && said !== undefined) {
      const label = said === 'cannot-tell' ? null : said
      const state = await api.post(pathOf({ id }), { label }, blindLabelTaken)
      if (json) terminal.json(state)
      else terminal.say(`Noted; the question is ${state.state}.`)
      return undefined
    }
    const load = () => api.get(`/api/labels?bot=${encodeURIComponent(bot.name)}`, questions)
    const found = await load()
    if (json) {
      terminal.json(found)
      return undefined
    }
    const { open, byMe } = found.progress
    terminal.say(`${open} open, ${byMe} labelled by you today`)
    if (!terminal.watched || !process.stdin.isTTY) {
      for (const each of found.questions) terminal.say(`${each.id}  ${inputText(each)}`)
      return undefined
    }
    const keys = openKeys()
    try {
      await askByKey(context, { keys, load: async () => (await load()).questions })
    } finally {
      keys.close()
    }
    return undefined
  })
}
