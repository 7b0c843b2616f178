import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { asked } from '../../../api/contract/messages.ts'
import {
  collected,
  type CommandContext,
  type CommandDeps,
  createCommand,
  defineRun,
  numberBetween,
} from '../../command.ts'
import { exitCodes, WrongUse } from '../../failure.ts'
import { type FoundMessage, messageById } from '../../find-message.ts'
import { harmless } from '../../terminal.ts'
import { waitFor } from '../../wait.ts'
import { botCalled } from '../instance/bots.ts'

interface AskOptions {
  readonly picture?: readonly string[]
  readonly link?: string
  readonly timeout: number
}

async function readPicture(path: string) {
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new WrongUse(
      `The picture ${path} cannot be read (${code}).`,
      'Check the path; it is taken from the folder you are in.',
    )
  })
  return { base64: bytes.toString('base64'), name: basename(path) }
}

async function questionOf([bot = '', ...words]: readonly string[], { picture = [], link }: AskOptions) {
  const text = words.join(' ')
  if (text === '' && picture.length === 0 && link === undefined)
    throw new WrongUse('There is nothing to ask.', 'Give a text, --picture <file> or --link <url>.')
  const pictures = await Promise.all(picture.map(readPicture))
  return { bot, ...(text && { text }), ...(pictures.length > 0 && { pictures }), ...(link !== undefined && { link }) }
}

/** Waits until the message has an outcome. */
const outcomeOf = (
  context: CommandContext,
  id: string,
  wait: { readonly bot: string; readonly timeoutMs: number },
): Promise<FoundMessage> =>
  waitFor(context, {
    what: 'answer',
    look: async () => {
      const found = await messageById(context.api, id)
      return found.outcome === 'open' ? undefined : found
    },
    timeoutMs: wait.timeoutMs,
    next: `It is kept and will be answered; see: understudy show ${id}`,
    why: async () =>
      (await botCalled(context.api, wait.bot)).paused
        ? `${wait.bot} is paused: understudy resume ${wait.bot}`
        : undefined,
  })

const endings: Readonly<Record<FoundMessage['outcome'], string>> = {
  answered: 'answered without a text',
  refused: 'refused',
  failed: 'not answered: it failed',
  expired: 'not answered: it was too old',
  open: 'not answered yet',
}

function print({ terminal }: CommandContext, message: FoundMessage): void {
  const texts = message.replies
    .filter(({ kind }) => ['choice', 'refusal', 'apology'].includes(kind))
    .map(({ text }) => text)
  for (const text of texts) terminal.say(harmless(text, { keepLines: true }))
  if (texts.length === 0)
    terminal.say(`${endings[message.outcome]}${message.outcomeReason ? ` (${harmless(message.outcomeReason)})` : ''}`)
  const predictions = message.inputs.filter(({ choice }) => choice !== null)
  const took = message.answerMs !== null ? ` · ${Math.round(message.answerMs)} ms` : ''
  for (const { prediction } of predictions)
    terminal.say(terminal.paint('dim', `wrong? understudy fix ${prediction} <label>${took}`))
  if (predictions.length === 0) terminal.say(terminal.paint('dim', `more: understudy show ${message.id}${took}`))
}

const described = () =>
  createCommand({
    usage: 'ask <bot> [text…]',
    summary: 'Asks a bot as a person would, waits and prints its answer.',
    examples: [
      'understudy ask fedora-finder --picture hat.jpg',
      'understudy ask team-router "who looks after the date picker?"',
      'understudy ask after-dark --link https://pictures.example/a.png --json',
    ],
  })
    .argument('<bot>', 'the name of the bot')
    .argument('[text...]', 'what to ask')
    .option('--picture <file>', 'a picture; several times for several', collected)
    .option('--link <url>', 'a link to a picture')
    .option('--timeout <seconds>', 'how long to wait', numberBetween(1, 3_600), 120)

async function ask(context: CommandContext, args: readonly string[], options: AskOptions): Promise<number> {
  const question = await questionOf(args, options)
  await botCalled(context.api, question.bot)
  const { id } = await context.api.post('/api/messages', question, asked)
  const message = await outcomeOf(context, id, { bot: question.bot, timeoutMs: options.timeout * 1000 })
  if (context.json) context.terminal.json(message)
  else print(context, message)
  return message.outcome === 'answered' || message.outcome === 'refused' ? exitCodes.done : exitCodes.failed
}

/** `understudy ask` */
export function askCommand(deps: CommandDeps): Command {
  const command = described()
  return defineRun(command, deps, (context, args) => ask(context, args, command.opts<AskOptions>()))
}
