import type { Command } from 'commander'
import { type Check, checks } from '../answers.ts'
import { createCommand, type CommandDeps, defineRun } from '../command.ts'
import { exitCodes } from '../failure.ts'
import { type Colour, harmless, type Terminal } from '../terminal.ts'

const marks: Readonly<Record<Check['state'], readonly [string, Colour]>> = {
  ok: ['✓', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✗', 'red'],
}

function linesOf({ name, state, detail, next }: Check, paint: Terminal['paint']): readonly string[] {
  const [mark, colour] = marks[state]
  const todo = state === 'ok' || !next ? [] : [`    next: ${harmless(next)}`]
  return [`${paint(colour, mark)} ${name}: ${harmless(detail)}`, ...todo]
}

function verdictOf(all: readonly Check[]): string {
  const failed = all.filter(({ state }) => state === 'fail').length
  const warned = all.filter(({ state }) => state === 'warn').length
  if (failed === 0 && warned === 0) return 'Everything is as it should be.'
  return [failed > 0 && `${failed} to put right`, warned > 0 && `${warned} to look at`].filter(Boolean).join(', ')
}

/** `understudy doctor` */
export const doctorCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'doctor',
      summary: 'Checks everything that the bots stand on, and says what to do about what is wrong.',
      examples: ['understudy doctor', 'understudy doctor --json'],
    }),
    deps,
    async ({ api, terminal, json }) => {
      const found = await api.get('/api/doctor', checks)
      if (json) terminal.json(found)
      else {
        for (const line of found.checks.flatMap((check) => linesOf(check, terminal.paint))) terminal.say(line)
        terminal.say(`\n${verdictOf(found.checks)}`)
      }
      return found.checks.some(({ state }) => state === 'fail') ? exitCodes.failed : exitCodes.done
    },
  )
