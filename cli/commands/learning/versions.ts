import type { Command } from 'commander'
import { versions } from '../../../api/contract/versions.ts'
import { createCommand, type CommandDeps, defineRun } from '../../command.ts'
import { WrongUse } from '../../failure.ts'
import { botCalled } from '../instance/bots.ts'

/** A version's number as it was typed: `4` or `v4`. @throws WrongUse. */
export function versionNumber(typed: string): number {
  const [, digits] = /^v?(\d{1,6})$/.exec(typed) ?? []
  if (digits === undefined) throw new WrongUse('A version is a number, such as 4.', 'See: understudy versions <bot>')
  return Number(digits)
}

/** `understudy versions` */
export const versionsCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'versions <bot>',
      summary: 'The versions of a bot: where each comes from, where it stands, and whether it is loaded and warm.',
      examples: ['understudy versions fedora-finder', 'understudy versions after-dark --json'],
    }).argument('<bot>', 'the name of the bot'),
    deps,
    async ({ api, terminal, json }, [name = '']) => {
      const bot = await botCalled(api, name)
      const found = await api.get(`/api/versions?bot=${encodeURIComponent(bot.name)}`, versions)
      if (json) {
        terminal.json(found)
        return undefined
      }
      for (const each of found.versions.toReversed()) {
        const place = each.stage ?? each.rollout?.end ?? each.rollout?.stage ?? 'not serving'
        const from = each.parent === null ? 'a first one' : `from ${each.parent}`
        const more = [...each.aliases, ...(each.warm ? ['warm'] : [])].join(', ')
        const day = each.createdAt.slice(0, 10)
        terminal.say(
          `v${each.version}  ${each.slot}  ${place}${more && ` (${more})`}  ${from}, ${day}, weights ${each.weightsSha256.slice(0, 12)}`,
        )
      }
      if (found.versions.length === 0) terminal.say(`${bot.name} has no version yet.`)
      return undefined
    },
  )
