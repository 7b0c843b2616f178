import { type Command, InvalidArgumentError } from 'commander'
import { replay, type ReplayReport, type ReplayRequest, replayStarted } from '../../../api/contract/replays.ts'
import { withNext } from '../../api-client.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun, numberBetween } from '../../command.ts'
import { CommandFailed, exitCodes } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { botOfVersion } from '../../version-of.ts'
import { waitFor } from '../../wait.ts'

const longestReplayMs = 60 * 60_000
const shownChurn = 20

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `7d`, `12h`, `30m` ago, or a date, as ISO 8601. */
function timeOf(text: string): string {
  const [, amount, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  const at = amount === undefined ? Date.parse(text) : Date.now() - Number(amount) * (units[unit] ?? 0)
  if (Number.isNaN(at)) throw new InvalidArgumentError('It must be a time such as 7d, 12h, 30m or 2026-03-01.')
  return new Date(at).toISOString()
}

const count = (value: number) => value.toLocaleString('en')
const percent = (share: number) => `${Math.round(share * 1000) / 10} %`

const trained = (learned = 0) => (learned > 0 ? `, ${learned} of which one of both was trained on` : '')

function linesOf(version: number, report: ReplayReport): readonly string[] {
  const { against, requests, from, to, p95Ms, cpuSecondsPer1000, churn, churnCount } = report
  const { older = 0, otherPreprocessing: others = 0 } = report
  const cost = cpuSecondsPer1000 === null ? '' : `, ${cpuSecondsPer1000.toFixed(1)} CPU seconds per 1,000`
  return [
    `Version ${version} against ${against} on ${requests} recorded requests, ${from.slice(0, 16)} to ${to.slice(0, 16)}`,
    ...(older > 0 ? [`left out     ${count(older)} older ones: the newest are played, --until ends earlier`] : []),
    ...(others > 0 ? [`left out     ${count(others)} that were prepared by other rules`] : []),
    `verdict      ${report.verdict.replace('_', ' ')}: ${harmless(report.why)}`,
    `agreement    ${requests === 0 ? 'unknown' : percent(report.agreement)}`,
    `noise floor  ${requests === 0 ? 'unknown' : percent(report.noiseFloor)}`,
    `errors       ${report.errors}`,
    `fixed        ${report.fixedCount}${trained(report.fixedLearned)}`,
    `broke        ${report.brokeCount}${trained(report.brokeLearned)}`,
    `latency      ${p95Ms === null ? 'unknown' : `p95 ${Math.round(p95Ms)} ms`}${cost}`,
    `churn        ${churnCount}`,
    ...churn.slice(0, shownChurn).map((each) => `  ${each.prediction}  ${each.champion} → ${each.challenger}`),
    ...(churnCount > shownChurn ? [`  … and ${churnCount - shownChurn} more`] : []),
    `report       ${report.hash}`,
  ]
}

async function play(context: CommandContext, wanted: ReplayRequest): Promise<number> {
  const { api, terminal, json } = context
  const look = `See: understudy versions ${harmless(wanted.bot)}`
  const { id, recorded, most } = await withNext({ 404: look, 422: look }, () =>
    api.post('/api/replays', wanted, replayStarted),
  )
  if (recorded > most)
    terminal.note(
      `${count(recorded)} requests were recorded; the newest ${count(most)} are played. --until ends earlier.`,
    )
  let far: string | undefined
  const report = await waitFor(context, {
    what: 'replay',
    look: async () => {
      const job = await api.get(`/api/replays/${id}`, replay)
      if (job.state === 'failed') throw new CommandFailed('The replay failed.', 'See its workflow in the Temporal UI.')
      far = job.progress ? `${job.progress.done} of ${job.progress.all}` : undefined
      return job.report ?? undefined
    },
    progress: () => far,
    timeoutMs: longestReplayMs,
    next: `It goes on; its report will be at /api/replays/${id}`,
  })
  if (json) terminal.json({ id, ...report })
  else for (const line of linesOf(wanted.version, report)) terminal.say(line)
  return report.verdict === 'fail' ? exitCodes.failed : exitCodes.done
}

/** `understudy replay` */
export function replayCommand(deps: CommandDeps): Command {
  const wholeNumber = numberBetween(1, 1_000_000)
  const command = createCommand({
    usage: 'replay --version <n>',
    summary: 'Plays the recording to a version: what would it have said last Tuesday? Fails when the verdict does.',
    examples: [
      'understudy replay --version 7 --since 7d',
      'understudy replay --bot fedora-finder --version 7 --since 2026-03-03 --until 2026-03-04',
      'understudy replay --bot fedora-finder --version 7 --against 3 --json',
    ],
  })
    .option('--bot <bot>', 'the name of the bot; left out when only one has learned a version of that number')
    .requiredOption('--version <version>', 'the number of the version', wholeNumber)
    .option('--against <version>', 'what it is compared with (default: its champion)', wholeNumber)
    .option('--since <time>', 'only recordings since then: 7d, 12h, or a date (midnight UTC)', timeOf)
    .option('--until <time>', 'only recordings before then, in the same words', timeOf)
  return defineRun(command, deps, async (context) => {
    const { bot, version, ...more } = command.opts<Omit<ReplayRequest, 'bot'> & { readonly bot?: string }>()
    const { against, since, until } = more
    const help = `Such as: understudy replay --bot <bot> --version ${version}`
    return play(context, {
      ...{ bot: bot ?? (await botOfVersion(context.api, version, help)), version },
      ...{ ...(against !== undefined && { against }), ...(since !== undefined && { since }) },
      ...(until !== undefined && { until }),
    })
  })
}
