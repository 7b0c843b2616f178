import type { Command } from 'commander'
import { type RollbackRequest, rolledBack } from '../../../api/contract/rollouts.ts'
import { withNext } from '../../api-client.ts'
import { type CommandDeps, createCommand, defineRun, numberBetween } from '../../command.ts'
import { harmless } from '../../terminal.ts'

/** `understudy rollback` */
export function rollbackCommand(deps: CommandDeps): Command {
  const wholeNumber = numberBetween(1, 1_000_000)
  const command = createCommand({
    usage: 'rollback <bot>',
    summary:
      'Takes a version back at once: the one that is on its way, else the newest live one. It works with Temporal down.',
    examples: [
      'understudy rollback fedora-finder --reason "it calls everything a fedora"',
      'understudy rollback after-dark --to 2 --reason "the one of last week was right"',
    ],
  })
    .argument('<bot>', 'the name of the bot')
    .requiredOption('--reason <words>', 'why; it is kept')
    .option('--to <version>', 'the version that comes back', wholeNumber)
    .option('--version <version>', 'the version that is taken back', wholeNumber)
    .option('--slot <slot>', 'the slot, where the bot has several')
  return defineRun(command, deps, async ({ api, terminal, json }, [bot = '']) => {
    const { reason, to, version, slot } = command.opts<RollbackRequest>()
    const look = `See: understudy versions ${harmless(bot)}`
    const answer = await withNext({ 404: 'See: understudy bots', 409: look }, () =>
      api.post(`/api/bots/${encodeURIComponent(bot)}/rollback`, { reason, to, version, slot }, rolledBack),
    )
    if (json) terminal.json(answer)
    else terminal.say(`Version ${answer.from} of ${bot} is taken back. Version ${answer.to} is answering.`)
    return undefined
  })
}
