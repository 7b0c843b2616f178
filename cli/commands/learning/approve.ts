import type { Command } from 'commander'
import { decided, rolloutDetail } from '../../../api/contract/rollouts.ts'
import { withNext } from '../../api-client.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { CommandFailed } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { versionNumber } from './versions.ts'

export interface DecisionWords {
  readonly decision: 'promote' | 'reject'
  readonly reason: string
  readonly override: boolean
}

/** Decides on the newest evidence of a rollout, and says on what. @throws CommandFailed with the API's reason. */
export async function decideOn(
  { api, terminal, json }: CommandContext,
  [bot = '', typed = '']: readonly string[],
  words: DecisionWords,
): Promise<undefined> {
  const path = `/api/rollouts/${encodeURIComponent(bot)}/${versionNumber(typed)}`
  const look = `See: understudy rollouts ${harmless(bot)}`
  const steps = { 404: look, 409: look }
  const { evidence, version } = await withNext(steps, () => api.get(path, rolloutDetail))
  if (evidence === null)
    throw new CommandFailed(`Version ${version} of ${harmless(bot)} has no evidence to decide on yet.`, look)
  const body = { evidenceId: evidence.id, ...words }
  const answer = await withNext(steps, () => api.post(`${path}/decision`, body, decided))
  if (json) terminal.json({ ...answer, evidence: { id: evidence.id, hash: evidence.hash, verdict: evidence.verdict } })
  else {
    const on = `on the evidence ${evidence.hash.slice(0, 12)} (${evidence.verdict.replace('_', ' ')})`
    const done = words.decision === 'promote' ? 'is promoted' : 'is rejected'
    terminal.say(
      answer.state === 'applied'
        ? `Version ${version} of ${bot} ${done}, ${on}.`
        : `The decision on version ${version} is kept, ${on}; it is applied as soon as its rollout can take it.`,
    )
  }
  return undefined
}

/** `understudy approve` */
export function approveCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'approve <bot> <version>',
    summary: 'Lets a version on stage, on its newest evidence. Whoever it learned from cannot approve it.',
    examples: [
      'understudy approve fedora-finder 4 --reason "reads berets at last"',
      'understudy approve fedora-finder 4 --reason "looked at all twelve by hand" --override',
    ],
  })
    .argument('<bot>', 'the name of the bot')
    .argument('<version>', 'the number of the version')
    .requiredOption('--reason <words>', 'why; it is kept with the decision')
    .option('--override', 'although the evidence is inconclusive; it is recorded')
  return defineRun(command, deps, (context, args) => {
    const { reason, override = false } = command.opts<{ readonly reason: string; readonly override?: true }>()
    return decideOn(context, args, { decision: 'promote', reason, override })
  })
}
