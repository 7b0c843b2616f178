import type { Command } from 'commander'
import { type BotState, bots } from '../../../api/contract/bots.ts'
import type { ApiClient } from '../../api-client.ts'
import { createCommand, type CommandDeps, defineRun } from '../../command.ts'
import { CommandFailed } from '../../failure.ts'
import type { Colour, Terminal } from '../../terminal.ts'
import { harmless } from '../../terminal.ts'

/** Every bot of the instance. */
const botsOf = async (api: ApiClient): Promise<readonly BotState[]> => (await api.get('/api/bots', bots)).bots

/** @throws CommandFailed, which names the bots that there are. */
export async function botCalled(api: ApiClient, name: string): Promise<BotState> {
  const all = await botsOf(api)
  const found = all.find((bot) => bot.name === name)
  if (found) return found
  throw new CommandFailed(
    `There is no bot called ${harmless(name)}.`,
    `There are: ${all.map((bot) => bot.name).join(', ') || 'none yet'}`,
  )
}

const lights: Readonly<Record<BotState['health']['state'], readonly [string, Colour]>> = {
  ok: ['✓', 'green'],
  waiting: ['!', 'yellow'],
  down: ['✗', 'red'],
}

function todayOf({ today, answerMs, waitingForPeople }: BotState): string {
  const { messages, answered, refused, failed, expired, open } = today
  const parts = Object.entries({ answered, refused, failed, expired, open }).filter(([, count]) => count > 0)
  const counts = parts.map(([name, count]) => `${count} ${name}`).join(', ')
  const speed = answerMs && `${Math.round(answerMs.median)} ms median, ${Math.round(answerMs.p95)} ms p95`
  const people = waitingForPeople > 0 ? `${waitingForPeople} wait for people` : ''
  return [`today ${messages} messages${counts && ` (${counts})`}`, speed, people].filter((part) => part).join(' · ')
}

function linesOf(bot: BotState, paint: Terminal['paint']): readonly string[] {
  const [mark, colour] = bot.paused ? (['‖', 'yellow'] as const) : lights[bot.health.state]
  const live = bot.versions.map(
    ({ slot, version, stage, baseline }) => `${slot} ${version} ${stage}${baseline ? ' (baseline)' : ''}`,
  )
  const reason = bot.paused ? `paused since ${bot.paused.since}` : bot.health.reason
  return [
    `${paint(colour, mark)} ${paint('bold', bot.name)}  ${bot.family} on ${bot.channels.join(', ')}${reason && `: ${harmless(reason)}`}`,
    `    ${todayOf(bot)}`,
    `    ${paint('dim', `${bot.policy} of ${live.join(', ') || 'no version yet'} · labels: ${bot.labels.map(({ words }) => words).join(', ')}`)}`,
    ...(bot.paused ? [`    next: understudy resume ${bot.name}`] : []),
  ]
}

/** `understudy bots` */
export const botsCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'bots',
      summary: 'Every bot: its health, what it did today, what waits for a person, what serves.',
      examples: ['understudy bots', 'understudy bots --json'],
    }),
    deps,
    async ({ api, terminal, json }) => {
      const all = await botsOf(api)
      if (json) terminal.json({ bots: all })
      else for (const line of all.flatMap((bot) => linesOf(bot, terminal.paint))) terminal.say(line)
      if (!json && all.length === 0) terminal.say('There are no bots yet.')
      return undefined
    },
  )
