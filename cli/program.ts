import { Command } from 'commander'
import type { CommandDeps } from './command.ts'
import { approveCommand } from './commands/learning/approve.ts'
import { askCommand } from './commands/messages/ask.ts'
import { botsCommand } from './commands/instance/bots.ts'
import { doctorCommand } from './commands/instance/doctor.ts'
import { fixCommand } from './commands/messages/fix.ts'
import { labelCommand } from './commands/learning/label.ts'
import { labelsCommand } from './commands/instance/labels.ts'
import { loadTestCommand } from './commands/load-test.ts'
import { pauseCommand, resumeCommand } from './commands/instance/pause.ts'
import { peopleCommand } from './commands/instance/people.ts'
import { rebuildCommand } from './commands/learning/rebuild.ts'
import { rejectCommand } from './commands/learning/reject.ts'
import { replayCommand } from './commands/learning/replay.ts'
import { retrainCommand } from './commands/learning/retrain.ts'
import { retryCommand } from './commands/messages/retry.ts'
import { rollbackCommand } from './commands/learning/rollback.ts'
import { rolloutsCommand } from './commands/learning/rollouts.ts'
import { showCommand } from './commands/messages/show.ts'
import { signInCommand } from './commands/instance/sign-in.ts'
import { versionsCommand } from './commands/learning/versions.ts'

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
