import type { Command } from 'commander'
import { type Check, checks } from '../../../api/contract/bots.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun, type WithoutApi } from '../../command.ts'
import { localChecks } from '../../doctor/local-checks.ts'
import { exitCodes } from '../../failure.ts'
import { type Colour, harmless, type Terminal } from '../../terminal.ts'

const marks: Readonly<Record<Check['state'], readonly [string, Colour]>> = {
  ok: ['✓', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✗', 'red'],
}

function linesOf({ name, state, detail, next }: Check, paint: Terminal['paint']): readonly string[] {
  const [mark, colour] = marks[state]
  const todo = state === 'ok' || next === '' ? [] : [`    next: ${harmless(next)}`]
  return [`${paint(colour, mark)} ${name}: ${harmless(detail)}`, ...todo]
}

function verdictOf(all: readonly Check[]): string {
  const failed = all.filter(({ state }) => state === 'fail').length
  const warned = all.filter(({ state }) => state === 'warn').length
  if (failed === 0 && warned === 0) return 'Everything is as it should be.'
  return [failed > 0 && `${failed} to put right`, warned > 0 && `${warned} to look at`].filter(Boolean).join(', ')
}

/** @returns the exit code: failed when a check is. */
function tell(all: readonly Check[], { terminal, json }: Pick<CommandContext, 'terminal' | 'json'>): number {
  if (json) terminal.json({ checks: all })
  else {
    for (const line of all.flatMap((check) => linesOf(check, terminal.paint))) terminal.say(line)
    terminal.say(`\n${verdictOf(all)}`)
  }
  return all.some(({ state }) => state === 'fail') ? exitCodes.failed : exitCodes.done
}

/** Where everything listens on this machine. */
const portsBeside = { 'Slack simulator': 8081, 'X simulator': 8082, Temporal: 7233, 'Temporal UI': 8233 } as const

/** Nothing runs here: what can be said about this machine, so that the next start works. */
const checkMachine =
  ({ homeOf, portOf }: CommandDeps): WithoutApi =>
  async (why, context) => {
    const ports = { 'operator API': portOf(), ...portsBeside }
    const found = await localChecks({ home: homeOf(), ports, nodeVersion: process.versions.node })
    const running: Check = { name: 'Understudy', state: 'fail', detail: why.message, next: why.next }
    return tell([...found, running], context)
  }

/** `understudy doctor` */
export const doctorCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'doctor',
      summary:
        'Checks everything that the bots stand on, and says what to do about what is wrong; this machine, when nothing runs.',
      examples: ['understudy doctor', 'understudy doctor --json'],
    }),
    deps,
    async ({ api, ...context }) => tell((await api.get('/api/doctor', checks)).checks, context),
    { otherwise: checkMachine(deps) },
  )
