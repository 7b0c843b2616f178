import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { BotState } from '../../api/contract/bots.ts'
import { type LoadTest, loadTest, loadTestStarted } from '../../api/contract/load-tests.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun, numberBetween } from '../command.ts'
import { CommandFailed, exitCodes, WrongUse } from '../failure.ts'
import { histogramPage } from '../load-test/histogram-page.ts'
import { histogramText } from '../load-test/histogram.ts'
import { botCalled } from './instance/bots.ts'

interface LoadTestOptions {
  readonly bot: string
  readonly channel?: 'x' | 'slack'
  readonly rate: number
  readonly seconds: number
  readonly pictures: number
  readonly html?: string
}

const pollMs = 500

function channelOf(bot: BotState, wanted: string | undefined): string {
  const possible = ['x', 'slack'].filter((channel) => bot.channels.includes(channel))
  const channel = wanted ?? possible[0]
  if (channel !== undefined && possible.includes(channel)) return channel
  throw new WrongUse(`${bot.name} is not on ${wanted ?? 'X or Slack'}.`, `It is on: ${bot.channels.join(', ')}`)
}

const progressOf = ({ state, sent, planned, answered, open }: LoadTest) =>
  `${state}: ${sent} of ${planned} sent, ${answered} answered, ${open} open …`

/** Follows the test until it is over; Ctrl-C ends it there too. */
async function follow({ api, terminal, interrupted }: CommandContext, id: string): Promise<LoadTest> {
  const path = `/api/load-test/${id}`
  try {
    for (;;) {
      const state = await api.get(path, loadTest)
      if (state.state === 'done' || state.state === 'stopped') return state
      terminal.progress(terminal.watched ? progressOf(state) : `${state.state} …`)
      await sleep(pollMs, undefined, { signal: interrupted })
    }
  } catch (error) {
    if (!interrupted.aborted) throw error
    await api.delete(path)
    throw new CommandFailed('You stopped the load test.', 'What was sent already is answered; nothing more is sent.')
  } finally {
    terminal.progress(undefined)
  }
}

function factsOf(result: LoadTest, options: LoadTestOptions): readonly (readonly [string, string])[] {
  return [
    [
      'load',
      `${options.rate} a second for ${options.seconds} s, ${Math.round(options.pictures * 100)} % with a picture`,
    ],
    ['messages', `${result.sent} of ${result.planned} sent`],
    ['answered', String(result.answered)],
    ['failed', String(result.failed)],
    ['open', String(result.open)],
    ['not stored', String(result.notStored)],
    ['sent outside', String(result.sentOutside)],
  ]
}

/** A load test is done when every message that was planned was stored and answered, and nothing went outside. */
const isClean = ({ planned, answered, sentOutside }: LoadTest) => answered === planned && sentOutside === 0

async function run(context: CommandContext, options: LoadTestOptions): Promise<number> {
  const { api, terminal, json } = context
  const bot = await botCalled(api, options.bot)
  const channel = channelOf(bot, options.channel)
  const { rate, seconds, pictures } = options
  const { id } = await api.post('/api/load-test', { bot: bot.name, channel, rate, seconds, pictures }, loadTestStarted)
  const result = await follow(context, id)
  const facts = factsOf(result, options)
  const title = `Load test of ${bot.name} on ${channel}`
  if (options.html !== undefined) await writeFile(options.html, histogramPage(title, facts, result.histogram))
  if (json) terminal.json(result)
  else {
    for (const [name, value] of facts) terminal.say(`${name.padStart(16)}  ${value}`)
    terminal.say()
    for (const line of histogramText(result.histogram)) terminal.say(line)
  }
  if (options.html !== undefined) terminal.note(`The plot is in ${options.html}`)
  return isClean(result) ? exitCodes.done : exitCodes.failed
}

const described = () =>
  createCommand({
    usage: 'load-test --bot <bot>',
    summary:
      'Sends made-up mentions and messages through the whole way and measures the answers. Nothing is sent outside.',
    examples: [
      'understudy load-test --bot fedora-finder --rate 30 --seconds 60',
      'understudy load-test --bot fedora-finder --rate 5 --seconds 10 --pictures 1 --html load.html --json',
    ],
  })
    .requiredOption('--bot <bot>', 'the bot that answers')
    .addOption(
      new Option('--channel <channel>', 'as if from there (default: X when the bot is on it)').choices(['x', 'slack']),
    )
    .option('--rate <messages>', 'messages per second', numberBetween(0.1, 500), 30)
    .option('--seconds <seconds>', 'for how long', numberBetween(1, 3_600), 60)
    .option('--pictures <share>', 'the share with a picture, from 0 to 1', numberBetween(0, 1), 0.5)
    .option('--html <file>', 'write a page with plots')

/** `understudy load-test` */
export function loadTestCommand(deps: CommandDeps): Command {
  const command = described()
  return defineRun(command, deps, (context) => run(context, command.opts<LoadTestOptions>()))
}
