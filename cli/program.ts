import { Command } from 'commander'
import type { CommandDeps } from './command.ts'
import { approveCommand } from './commands/approve.ts'
import { askCommand } from './commands/ask.ts'
import { botsCommand } from './commands/bots.ts'
import { doctorCommand } from './commands/doctor.ts'
import { fixCommand } from './commands/fix.ts'
import { labelCommand } from './commands/label.ts'
import { labelsCommand } from './commands/labels.ts'
import { loadTestCommand } from './commands/load-test.ts'
import { pauseCommand, resumeCommand } from './commands/pause.ts'
import { peopleCommand } from './commands/people.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { rejectCommand } from './commands/reject.ts'
import { replayCommand } from './commands/replay.ts'
import { retrainCommand } from './commands/retrain.ts'
import { retryCommand } from './commands/retry.ts'
import { rollbackCommand } from './commands/rollback.ts'
import { rolloutsCommand } from './commands/rollouts.ts'
import { showCommand } from './commands/show.ts'
import { signInCommand } from './commands/sign-in.ts'
import { versionsCommand } from './commands/versions.ts'

/** The words that `infra/local/bootstrap.mjs` runs itself. */
export const projectWords = ['start', 'test', 'story', 'bench', 'prove']

const commands = [
  doctorCommand,
  botsCommand,
  askCommand,
  fixCommand,
  labelsCommand,
  showCommand,
  retryCommand,
  pauseCommand,
  resumeCommand,
  signInCommand,
  peopleCommand,
  loadTestCommand,
  retrainCommand,
  rebuildCommand,
  versionsCommand,
  rolloutsCommand,
  approveCommand,
  rejectCommand,
  rollbackCommand,
  replayCommand,
  labelCommand,
]

const projectHelp = `
The project itself:
  start       run everything on this machine   (npm start)
  test        what CI runs                     (npm test)
  story, bench, prove <name>`

/** The `understudy` command, built but not run. Wrong use throws a CommanderError instead of ending the process. */
export function createProgram(deps: CommandDeps): Command {
  const program = new Command('understudy')
    .description('Looks after the bots of a running Understudy: what they say, what waits, what is wrong.')
    .exitOverride()
    // Errors are told once, by whoever catches them.
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', projectHelp)
  for (const create of commands) {
    const command = create(deps)
    command.copyInheritedSettings(program)
    program.addCommand(command)
  }
  return program
}
