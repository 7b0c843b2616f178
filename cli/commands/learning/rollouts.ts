import type { Command } from 'commander'
import { type ListedRollout, rollouts } from '../../../api/contract/rollouts.ts'
import { createCommand, type CommandDeps, defineRun } from '../../command.ts'
import type { Colour, Terminal } from '../../terminal.ts'
import { harmless } from '../../terminal.ts'

const colours: Readonly<Record<string, Colour>> = {
  pass: 'green',
  green: 'green',
  fail: 'red',
  red: 'red',
  inconclusive: 'yellow',
  yellow: 'yellow',
}
const painted = (paint: Terminal['paint'], word: string, text = word) => paint(colours[word] ?? 'dim', text)

function linesOf(rollout: ListedRollout, paint: Terminal['paint']): readonly string[] {
  const { bot, version, champion, stage, step, end, reason, judgement, lights, pairs, eValue, seen, wanted } = rollout
  const place = end ?? (stage === 'canary' ? `canary step ${step + 1}` : stage)
  const title = `${paint('bold', `${bot} v${version}`)} against v${champion}: ${place}${reason === null ? '' : `, ${harmless(reason)}`}`
  const seenText = wanted > 0 ? `${seen} of ${wanted} requests, ` : ''
  const labels = `${pairs.wins} right and ${pairs.losses} wrong of the labelled disagreements, E = ${eValue.toFixed(1)}`
  const bad = lights.filter(({ light }) => light === 'red' || light === 'yellow')
  return [
    title,
    ...(judgement === null
      ? []
      : [`    ${painted(paint, judgement.verdict, judgement.verdict.replace('_', ' '))}: ${harmless(judgement.why)}`]),
    `    ${seenText}${labels}`,
    ...bad.map(({ guard, light, why }) => `    ${painted(paint, light)} ${guard}: ${harmless(why)}`),
    ...(stage === 'approval' && end === null ? [`    next: understudy approve ${bot} ${version} --reason "…"`] : []),
  ]
}

/** `understudy rollouts` */
export function rolloutsCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'rollouts [bot]',
    summary: 'Versions on their way to their audience: stage, verdict, labels and guard lights.',
    examples: ['understudy rollouts', 'understudy rollouts fedora-finder --active'],
  })
    .argument('[bot]', 'the name of a bot')
    .option('--active', 'only those that have not ended')
  return defineRun(command, deps, async ({ api, terminal, json }, [bot]) => {
    const { active } = command.opts<{ readonly active?: true }>()
    const query = new URLSearchParams({ ...(bot !== undefined && { bot }), active: active === true ? 'true' : 'false' })
    const found = await api.get(`/api/rollouts?${query.toString()}`, rollouts)
    if (json) terminal.json(found)
    else for (const line of found.rollouts.flatMap((each) => linesOf(each, terminal.paint))) terminal.say(line)
    if (!json && found.rollouts.length === 0) terminal.say('There are no rollouts.')
    return undefined
  })
}
