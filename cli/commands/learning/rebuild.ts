import type { Command } from 'commander'
import { rebuild, rebuildStarted, type Rebuilt } from '../../../api/contract/replays.ts'
import { withNext } from '../../api-client.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { CommandFailed, exitCodes } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { botOfVersion } from '../../version-of.ts'
import { waitFor } from '../../wait.ts'
import { versionNumber } from './versions.ts'

const longestTrainingMs = 2 * 60 * 60_000

const said: Readonly<Record<Rebuilt['outcome'], string>> = {
  same: 'The same weights again',
  different: 'OTHER weights than it was registered with',
  refused: 'It cannot be rebuilt here: the same weights are promised on the same machine type and libraries only',
}

function tell({ terminal }: CommandContext, { outcome, expected, weightsSha256, differs }: Rebuilt): void {
  terminal.say(`${said[outcome]}.`)
  terminal.say(`registered  ${expected}`)
  if (weightsSha256 !== null) terminal.say(`rebuilt     ${weightsSha256}`)
  for (const one of differs) terminal.say(`differs     ${harmless(one)}`)
}

/** Bot and version as they were typed, or the bot of a version that was typed alone. */
async function named({ api }: CommandContext, [first = '', second]: readonly string[]): Promise<[string, number]> {
  if (second !== undefined) return [first, versionNumber(second)]
  const version = versionNumber(first)
  return [await botOfVersion(api, version, `Such as: understudy rebuild <bot> ${version}`), version]
}

/** `understudy rebuild` */
export const rebuildCommand = (deps: CommandDeps): Command =>
  defineRun(
    createCommand({
      usage: 'rebuild [bot] <version>',
      summary: 'Trains a version again from its dataset and seed: the same weight hash, or what differs.',
      examples: [
        'understudy rebuild fedora-finder 2',
        'understudy rebuild 7',
        'understudy rebuild team-router 3 --json',
      ],
    })
      .argument('<bot>', 'the name of the bot; left out when only one has learned a version of that number')
      .argument('[version]', 'the number of the version'),
    deps,
    async (context, args) => {
      const [bot, version] = await named(context, args)
      const path = `/api/versions/${encodeURIComponent(bot)}/${version}/rebuild`
      const look = `See: understudy versions ${harmless(bot)}`
      const { id } = await withNext({ 404: look }, () => context.api.post(path, {}, rebuildStarted))
      const result = await waitFor(context, {
        what: 'rebuild',
        look: async () => {
          const job = await context.api.get(`/api/rebuilds/${encodeURIComponent(id)}`, rebuild)
          if (job.state === 'failed')
            throw new CommandFailed('The rebuild failed.', 'See its workflow in the Temporal UI.')
          return job.result ?? undefined
        },
        timeoutMs: longestTrainingMs,
        next: 'It goes on; run the command again to see how it ends.',
      })
      if (context.json) context.terminal.json(result)
      else tell(context, result)
      return result.outcome === 'same' ? exitCodes.done : exitCodes.failed
    },
  )
