import { type Command, Option } from 'commander'
import { people as peopleShape, type Person } from '../../../api/contract/people.ts'
import { roles } from '../../../domain/people.ts'
import type { ApiClient } from '../../api-client.ts'
import { createCommand, type CommandDeps, defineRun } from '../../command.ts'
import { CommandFailed, WrongUse } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { botCalled } from './bots.ts'

const ownId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Our id of a person, who is named by it or by the id that their platform gives them.
 * @throws CommandFailed when nobody has it, or several do.
 */
export async function personCalled(api: ApiClient, typed: string): Promise<string> {
  const named = ownId.test(typed) ? 'id' : 'platformId'
  const { people } = await api.get(`/api/people?${named}=${encodeURIComponent(typed)}`, peopleShape)
  const [one, ...others] = people
  if (one === undefined)
    throw new CommandFailed(
      `Nobody with the id ${harmless(typed)} is known yet.`,
      'Whoever writes to a bot once is. In Slack the id is under Profile → ⋮ → Copy member ID.',
    )
  if (others.length > 0)
    throw new CommandFailed(
      `Several people have the id ${harmless(typed)}.`,
      `Name one by our own id: ${people.map(({ id }) => id).join(', ')}`,
    )
  return one.id
}

function lineOf({ id, channel, since, messages, roles }: Person): string {
  const held = Object.entries(roles).map(([bot, role]) => `${role} of ${bot === '*' ? 'every bot' : bot}`)
  return `${id}  ${channel}, since ${since.slice(0, 10)}, ${messages} messages${held.length > 0 ? `: ${held.join(', ')}` : ''}`
}

const words = {
  usage: 'people [person]',
  summary: 'Who may do what: lists people and their roles, or gives one of them a role.',
  examples: [
    'understudy people',
    'understudy people U0DMITRI',
    'understudy people U0DMITRI --role approver --bot fedora-finder',
    "understudy people U0DMITRI --role none --bot '*'",
  ],
}

/** `understudy people` */
export function peopleCommand(deps: CommandDeps): Command {
  const command = createCommand(words)
    .argument('[person]', 'the id that their platform gives them, or our own')
    .addOption(new Option('--role <role>', 'what they may do').choices([...roles, 'none']))
    .option('--bot <bot>', 'with which bot; * for every one')
  return defineRun(command, deps, async ({ api, terminal, json }, [typed]) => {
    const { role, bot } = command.opts<{ readonly role?: string; readonly bot?: string }>()
    if ((role === undefined) !== (bot === undefined) || (role !== undefined && typed === undefined))
      throw new WrongUse('A role is given to a person, with a bot.', `Example: ${words.examples[2] ?? ''}`)
    const id = typed === undefined ? undefined : await personCalled(api, typed)
    if (id !== undefined && role !== undefined && bot !== undefined) {
      const about = bot === '*' ? bot : (await botCalled(api, bot)).name
      await api.put(`/api/people/${id}/roles`, { bot: about, role: role === 'none' ? null : role })
    }
    const known = await api.get(id === undefined ? '/api/people' : `/api/people?id=${id}`, peopleShape)
    if (json) terminal.json(known)
    else for (const each of known.people) terminal.say(lineOf(each))
    return undefined
  })
}
