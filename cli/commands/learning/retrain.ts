import { type Command, Option } from 'commander'
import {
  type BotLearning,
  learning,
  type Retrain,
  retrainAsked,
  retrainCancelled,
} from '../../../api/contract/learning.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { CommandFailed, exitCodes } from '../../failure.ts'
import { harmless } from '../../terminal.ts'
import { waitFor } from '../../wait.ts'
import { botCalled } from '../instance/bots.ts'

const longestTrainingMs = 60 * 60_000
/** The coordinator answers a wish within this: with a retrain, or with what it waits for. */
const answerWithinMs = 15_000

async function learningOf({ api }: CommandContext, name: string): Promise<BotLearning> {
  const found = (await api.get('/api/learning', learning)).bots.find(({ bot }) => bot === name)
  if (found === undefined) throw new CommandFailed(`${harmless(name)} does not learn.`, 'See: understudy bots')
  return found
}

function progressOf({ slots }: Retrain): string | undefined {
  const training = slots.find(({ version, progress }) => version === null && progress !== null)
  return training?.progress ? `${training.slot}: step ${training.progress.step} of ${training.progress.of}` : undefined
}

/** The retrain that the wish led to: the one that runs, or one that was not there before. */
const begun = ({ retrains }: BotLearning, before: number): Retrain | undefined =>
  retrains.find(({ number, state }) => number > before || state === 'running')

async function wait(context: CommandContext, bot: string, before: number): Promise<number> {
  const { terminal, json } = context
  const since = performance.now()
  let latest: Retrain | undefined
  const ended = await waitFor(context, {
    what: 'retrain',
    look: async () => {
      const known = await learningOf(context, bot)
      latest = begun(known, before)
      if (latest !== undefined) return latest.state === 'running' ? undefined : latest
      return performance.now() - since > answerWithinMs
        ? { wait: known.wait ?? 'the coordinator says nothing' }
        : undefined
    },
    progress: () => latest && progressOf(latest),
    timeoutMs: longestTrainingMs,
    next: `It goes on; see: understudy rollouts ${bot}`,
  })
  if (json) terminal.json(ended)
  else if ('wait' in ended && typeof ended.wait === 'string')
    terminal.say(`It does not learn now: ${harmless(ended.wait)}`)
  else if ('number' in ended) terminal.say(`Retrain ${ended.number} ${ended.state}: ${harmless(ended.outcome ?? '')}`)
  return 'state' in ended && ended.state === 'succeeded' ? exitCodes.done : exitCodes.failed
}

/** Stops the retrain that runs. @throws CommandFailed when none does. */
async function cancel({ api, terminal, json }: CommandContext, { bot, retrains }: BotLearning): Promise<undefined> {
  const running = retrains.find(({ state }) => state === 'running')
  if (running === undefined)
    throw new CommandFailed(`${bot} is not learning now.`, `What it waits for: understudy retrain ${bot}`)
  const path = `/api/bots/${encodeURIComponent(bot)}/retrains/${running.number}/cancel`
  const asked = await api.post(path, {}, retrainCancelled)
  if (json) terminal.json(asked)
  else terminal.say(`Retrain ${running.number} stops. No version comes of it; the corrections stay for the next one.`)
}

interface RetrainOptions {
  readonly demo?: true
  readonly wait?: true
  readonly cancel?: true
}

/** `understudy retrain` */
export function retrainCommand(deps: CommandDeps): Command {
  const command = createCommand({
    usage: 'retrain <bot>',
    summary: 'Asks a bot to learn from its accepted corrections now; the coordinator says whether there are enough.',
    examples: [
      'understudy retrain team-router',
      'understudy retrain fedora-finder --demo --wait',
      'understudy retrain team-router --cancel',
    ],
  })
    .argument('<bot>', 'the name of the bot')
    .option('--demo', 'one correction is enough, and the rollout is short; marked on every card')
    .option('--wait', 'wait until it has learned')
    .addOption(new Option('--cancel', 'stop the retrain that runs').conflicts(['demo', 'wait']))
  return defineRun(command, deps, async (context, [name = '']) => {
    const { demo = false, wait: waits, cancel: stops } = command.opts<RetrainOptions>()
    const { api, terminal, json } = context
    const bot = await botCalled(api, name)
    const known = await learningOf(context, bot.name)
    if (stops) return cancel(context, known)
    const before = Math.max(0, ...known.retrains.map(({ number }) => number))
    const asked = await api.post(`/api/bots/${encodeURIComponent(bot.name)}/retrain`, { demo }, retrainAsked)
    if (waits) return wait(context, bot.name, before)
    if (json) terminal.json(asked)
    else terminal.say(`${bot.name} looks whether there is something to learn. ${known.wait ?? ''}`.trimEnd())
    return undefined
  })
}
