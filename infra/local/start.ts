import { join, resolve } from 'node:path'
import { ConfigInvalid, configOfThisProcess } from '../config.ts'
import type { Config } from '../config.ts'
import { LocalProblem, reasonOf } from './problem.ts'
import { claim, readRunFile, stopOrphans, writeRunFile } from './processes/run-file.ts'
import type { ProcessNote } from './processes/run-file.ts'
import { identify } from './processes/identity.ts'
import { moveAside } from './start/data-folder.ts'
import { demonstrate } from './start/demonstration.ts'
import type { Demonstration } from './start/demonstration.ts'
import { createNarrator } from './start/narrator.ts'
import type { Narrator } from './start/narrator.ts'
import { readOptions, usage } from './start/options.ts'
import type { StartOptions } from './start/options.ts'
import { provisionParts } from './start/parts.ts'
import { signInLink } from './start/sign-in.ts'
import { makePlan } from './start/plan.ts'
import type { Plan } from './start/plan.ts'
import { startPlatform } from './start/platform.ts'
import type { Platform } from './start/platform.ts'
import { stopRequest } from './start/stop-request.ts'
import type { StopRequest } from './start/stop-request.ts'
import { addressLines, tensorflowLines, transcriptOf, workflowUrl } from './start/transcript.ts'
import { createSupervisor } from './supervise.ts'

const replyWithinMs = 120_000

interface Session {
  readonly options: StartOptions
  readonly config: Config
  readonly home: string
  readonly narrator: Narrator
  readonly stop: StopRequest
}

/** What others may know of this run: addresses, processes, logs and secrets, in a file that only the owner can read. */
async function noteRun(
  plan: Plan,
  known: {
    readonly platform: Platform | undefined
    readonly processes: readonly ProcessNote[]
    readonly running: boolean
  },
) {
  const { platform, processes, running } = known
  const urls = {
    api: plan.urls.api,
    temporalUi: plan.urls.temporalUi,
    ...(plan.simulated.slack ? { slackSimulator: plan.urls.slack } : {}),
    ...(plan.simulated.x ? { xSimulator: plan.urls.x } : {}),
  }
  await writeRunFile(plan.home, {
    supervisor: running ? await identify(process.pid) : null,
    home: plan.home,
    urls,
    temporalAddress: platform?.temporalAddress,
    databaseUrl: platform?.databaseUrl,
    acceptedLogs: platform?.acceptedLogs,
    logs: join(plan.home, 'logs'),
    adminToken: plan.secrets.adminToken,
    simulatorSecrets: plan.secrets.bots,
    processes: [...processes],
  })
}

const jsonOf = (plan: Plan, { bot, question, workflowId, reply, ms }: Demonstration) => ({
  ok: true,
  bot,
  channel: 'x',
  eventId: question.id,
  workflowId,
  reply,
  ms,
  urls: {
    api: plan.urls.api,
    temporalUi: plan.urls.temporalUi,
    slackSimulator: plan.urls.slack,
    xSimulator: plan.urls.x,
    workflow: workflowUrl(plan.urls.temporalUi, workflowId),
  },
})

async function converse({ narrator, stop }: Session, plan: Plan): Promise<Demonstration> {
  const bot = plan.bots.find(({ channels }) => channels.includes('x'))
  const app = bot && plan.secrets.bots[bot.name]
  if (!app || !plan.simulated.x)
    throw new LocalProblem(
      'the first question needs the simulated X and a bot on it',
      'unset X_API_URL, or leave --once and --json out',
    )
  narrator.status('  asking the bot its first question …')
  const told = { status: narrator.status, signal: stop.signal, timeoutMs: replyWithinMs }
  return await demonstrate({ xSimulator: plan.urls.x, bot: bot.name, handle: app.x.handle, ...told })
}

/** Starts everything, has the first conversation where it is due, and stays until it is asked to stop. */
async function perform(session: Session): Promise<void> {
  const { options, config, home, narrator, stop } = session
  if (options.fresh) {
    const aside = await moveAside(home, new Date())
    narrator.say(
      aside ? `The data were moved to ${aside}; what was downloaded stays.` : 'There were no data to move aside.',
    )
  }
  const parts = provisionParts(config, { home, say: (line) => narrator.say(`  ${line}`) })
  const plan = await makePlan(config)
  let [platform, processes, running]: [Platform | undefined, readonly ProcessNote[], boolean] = [undefined, [], true]
  const note = (list: readonly ProcessNote[]) => noteRun(plan, { platform, processes: (processes = list), running })
  const supervisor = createSupervisor({ say: narrator.say, note })
  stop.onSecond(supervisor.killAll)
  try {
    await note([])
    narrator.say('Starting Understudy:')
    platform = await stop.orElse(startPlatform({ config, plan, parts, supervisor, narrator }))
    await note(processes)
    const demonstration =
      options.once || options.json || (plan.first && plan.simulated.x) ? await converse(session, plan) : undefined
    for (const line of tensorflowLines(await parts.tensorflow)) narrator.say(line)
    for (const line of demonstration ? transcriptOf(demonstration, plan) : []) narrator.say(line)
    if (options.json && demonstration) process.stdout.write(`${JSON.stringify(jsonOf(plan, demonstration))}\n`)
    if (options.once) return
    for (const line of addressLines(plan)) narrator.say(line)
    narrator.say(`\n  Everything runs; Ctrl-C stops it. Open ${await signInLink(plan)}`)
    await stop.orElse(new Promise<never>(() => undefined))
  } finally {
    narrator.say('\nStopping: what is being worked on is finished first …')
    await supervisor.stopAll()
    running = false
    await note([])
    narrator.say('Everything is stopped; the data stay.')
  }
}

/** Another instance has the data folder: that is fine for a person, and a failure for a script that wants its own run. */
async function describeOther(session: Session, pid: number): Promise<number> {
  const { options, home, narrator } = session
  const urls = Object.entries((await readRunFile(home))?.urls ?? {})
  const lines = [
    `Understudy runs on ${home} already (process ${pid}):`,
    ...urls.map(([name, url]) => `  ${name.padEnd(16)} ${url}`),
  ]
  for (const line of lines) narrator.say(line)
  if (!options.once && !options.json && !options.fresh) return 0
  throw new LocalProblem(
    lines[0] ?? '',
    'stop it with Ctrl-C where it was started, or set UNDERSTUDY_HOME to another folder',
  )
}

async function main(options: StartOptions, narrator: Narrator, stop: StopRequest): Promise<number> {
  const config = configOfThisProcess()
  const session = { options, config, narrator, stop, home: resolve(config.home) }
  const claimed = await claim(session.home)
  if (!claimed.won) return await describeOther(session, claimed.pid)
  try {
    const before = (await readRunFile(session.home))?.processes ?? []
    const orphans = await stopOrphans(before, 5000)
    if (orphans.length > 0)
      narrator.say(`An earlier run was killed; its processes are stopped now: ${orphans.join(', ')}.`)
    await perform(session)
    return 0
  } finally {
    await claimed.release()
  }
}

function explain(error: unknown, options: StartOptions, narrator: Narrator): number {
  const wrongUse = error instanceof ConfigInvalid
  const next =
    error instanceof LocalProblem
      ? error.next
      : wrongUse
        ? 'correct the environment or .env and start again'
        : 'read the logs in the data folder'
  narrator.say(`\n${reasonOf(error)}\n  What to do: ${next}`)
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, error: reasonOf(error), next })}\n`)
  return wrongUse ? 2 : 1
}

const options = readOptions(process.argv.slice(2))
if (typeof options === 'string' || options.help) {
  const wrong = typeof options === 'string'
  process[wrong ? 'stderr' : 'stdout'].write(wrong ? `${options}\n\n${usage}\n` : `${usage}\n`)
  process.exitCode = wrong ? 2 : 0
} else {
  const narrator = createNarrator(options.json ? process.stderr : process.stdout)
  const stop = stopRequest(process)
  for (const output of [process.stdout, process.stderr]) stop.whenGone(output)
  const code = await main(options, narrator, stop).catch((error: unknown) =>
    stop.isStop(error) ? 0 : explain(error, options, narrator),
  )
  process.exit(code)
}
