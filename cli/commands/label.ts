import type { Command } from 'commander'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../command.ts'
import { WrongUse } from '../failure.ts'
import { labelled, type Question, questions } from '../learning-answers.ts'
import { openKeys } from '../keys.ts'
import { harmless } from '../terminal.ts'
import { botCalled } from './bots.ts'

const inputText = ({ input }: Question): string => {
  if (input === null) return '(the message is gone)'
  if (input.kind === 'text') return harmless(input.text)
  return input.shown
    ? `picture ${input.sha256.slice(0, 12)}: look at it on the page Label`
    : '(a picture that is not shown)'
}

const pathOf = ({ id }: Question) => `/api/labels/${id}`

/** The label that a key means: a digit for a label, 0 for "can't tell". */
function labelAt({ labels }: Question, key: string): string | null | undefined {
  if (key === '0') return null
  return /^[1-9]$/.test(key) ? labels[Number(key) - 1]?.id : undefined
}

async function answer({ api }: CommandContext, question: Question, label: string | null): Promise<void> {
  await api.post(pathOf(question), { label }, labelled)
}

/** One key per label, until there are no questions or the person stops. */
async function askByKey(context: CommandContext, all: readonly Question[]): Promise<void> {
  const { terminal } = context
  const keys = openKeys()
  let before: Question | undefined
  try {
    for (let at = 0; at < all.length;) {
      const question = all[at]
      if (question === undefined) break
      const choices = question.labels.map(({ words }, index) => `${index + 1} ${harmless(words)}`)
      terminal.say(`\n${at + 1} of ${all.length}: ${inputText(question)}`)
      terminal.say(`  ${[...choices, "0 can't tell", 's skip', 'u undo', 'q quit'].join('   ')}`)
      const key = await keys.next()
      if (key === 'q' || key === undefined) return
      const label = labelAt(question, key)
      if (key === 'u' && before !== undefined) {
        await context.api.delete(pathOf(before))
        at -= 1
        before = undefined
      } else if (key === 's') at += 1
      else if (label !== undefined) {
        await answer(context, question, label)
        before = question
        at += 1
      }
    }
  } finally {
    keys.close()
  }
}

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
      const state = await api.post(`/api/labels/${encodeURIComponent(id)}`, { label }, labelled)
      if (json) terminal.json(state)
      else terminal.say(`Noted; the question is ${state.state}.`)
      return undefined
    }
    const found = await api.get(`/api/labels?bot=${encodeURIComponent(bot.name)}`, questions)
    if (json) {
      terminal.json(found)
      return undefined
    }
    const { open, byMe } = found.progress
    terminal.say(`${open} open, ${byMe} labelled by you today`)
    if (terminal.watched && process.stdin.isTTY) await askByKey(context, found.questions)
    else for (const each of found.questions) terminal.say(`${each.id}  ${inputText(each)}`)
    return undefined
  })
}
