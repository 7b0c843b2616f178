import type { Command } from 'commander'
import { type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { decideOn } from './approve.ts'

/** `understudy reject` */
export function rejectCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'reject <bot> <version>',
    summary: 'Sends a version away that waits for approval; what serves stays as it is.',
    examples: ['understudy reject fedora-finder 4 --reason "it takes every cap for a fedora"'],
  })
    .argument('<bot>', 'the name of the bot')
    .argument('<version>', 'the number of the version')
    .requiredOption('--reason <words>', 'why; it is kept with the decision')
  return defineRun(command, deps, (context, args) => {
    const { reason } = command.opts<{ readonly reason: string }>()
    return decideOn(context, args, { decision: 'reject', reason, override: false })
  })
}
