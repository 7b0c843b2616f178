import type { Command } from 'commander'
import type { BotState } from '../../../api/contract/bots.ts'
import { type Correction, type Vote, voteTaken } from '../../../api/contract/corrections.ts'
import type { Input } from '../../../api/contract/messages.ts'
import { session } from '../../../api/contract/people.ts'
import type { VoteVerdict } from '../../../domain/correction.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { CommandFailed, exitCodes, WrongUse } from '../../failure.ts'
import { findMessage, type FoundMessage, messageById, positionIn } from '../../find-message.ts'
import { harmless } from '../../terminal.ts'
import { waitFor } from '../../wait.ts'
import { botCalled } from '../instance/bots.ts'

/** A vote whose verdict is known. */
type CountedVote = Vote & { readonly verdict: VoteVerdict }

/** The prediction that the words mean: the only one of the message, or the named one. */
function predictionOf(message: FoundMessage, words: string): Input {
  const position = positionIn(words)
  const predicted = message.inputs.filter(({ choice }) => choice !== null)
  const [only, ...others] =
    position === undefined ? predicted : predicted.filter((input) => input.position === position)
  if (only === undefined)
    throw new CommandFailed('There is no prediction to correct in this message.', `See: understudy show ${message.id}`)
  if (others.length === 0) return only
  const ids = predicted.map(({ prediction, choice }) => `  ${prediction}  ${choice?.label ?? ''}`)
  throw new WrongUse(`The message has several predictions:\n${ids.join('\n')}`, 'Name one of them.')
}

/** A label by its id or its words; null for "can't tell". */
function labelOf(bot: BotState, words: string): string | null {
  const wanted = words.trim().toLowerCase()
  if (["can't tell", 'cannot tell', 'cant-tell', 'cannot-tell'].includes(wanted)) return null
  const found = bot.labels.find(({ id, words: said }) => id.toLowerCase() === wanted || said.toLowerCase() === wanted)
  if (found) return found.id
  const known = [...bot.labels.map(({ id }) => id), 'cannot-tell'].join(', ')
  throw new WrongUse(`${bot.name} has no label ${harmless(words)}.`, `Its labels: ${known}`)
}

const inputAt = (message: FoundMessage, position: number) => message.inputs.find((input) => input.position === position)
const votesOf = (message: FoundMessage, position: number, person: string): readonly Vote[] =>
  (inputAt(message, position)?.correction?.votes ?? []).filter((vote) => vote.person === person)

/** Waits until a vote of this person that was not there before has a verdict. */
const countedVote = (
  context: CommandContext,
  where: {
    readonly id: string
    readonly position: number
    readonly person: string
    readonly before: readonly string[]
  },
): Promise<{ readonly vote: CountedVote; readonly correction: Correction }> =>
  waitFor(context, {
    what: 'count',
    look: async () => {
      const message = await messageById(context.api, where.id)
      const correction = inputAt(message, where.position)?.correction
      const vote = votesOf(message, where.position, where.person).findLast(({ at }) => !where.before.includes(at))
      if (!vote || vote.verdict === null || !correction) return undefined
      return { vote: { ...vote, verdict: vote.verdict }, correction }
    },
    timeoutMs: 60_000,
    next: `The vote is kept and will be counted; see: understudy show ${where.id}`,
  })

const refusals: Readonly<Record<Exclude<VoteVerdict, 'counted'>, string>> = {
  'daily-limit': 'not counted: you have had as many accepted today as a person may; tomorrow again',
  'too-late': 'not counted: it is settled already',
  superseded: 'not counted: you have voted again since',
}

/** What became of a vote, in a line: `noted: 1 of 2 votes`. */
function told(vote: CountedVote, correction: Correction): string {
  if (vote.verdict !== 'counted') return refusals[vote.verdict]
  const by = correction.decidedBy ? ` (by ${correction.decidedBy})` : ''
  if (correction.state === 'conflicted') return 'noted: people disagree, a reviewer decides'
  if (correction.state !== 'open') return `${correction.state}${correction.label ? `: ${correction.label}` : ''}${by}`
  const same = correction.votes.filter(({ verdict, label }) => verdict === 'counted' && label === vote.label).length
  return `noted: ${same} of ${correction.needed} votes`
}

async function fix(context: CommandContext, [words = '', ...label]: readonly string[]): Promise<number> {
  const message = await findMessage(context.api, words)
  const { position, prediction } = predictionOf(message, words)
  const wanted = labelOf(await botCalled(context.api, message.bot), label.join(' '))
  const { person } = await context.api.get('/api/session', session)
  const before = votesOf(message, position, person.id).map(({ at }) => at)
  await context.api.post('/api/corrections', { prediction, label: wanted }, voteTaken)
  const { vote, correction } = await countedVote(context, { id: message.id, position, person: person.id, before })
  if (context.json) context.terminal.json({ prediction, verdict: vote.verdict, correction })
  else context.terminal.say(told(vote, correction))
  return vote.verdict === 'counted' ? exitCodes.done : exitCodes.failed
}

const described = () =>
  createCommand({
    usage: 'fix <answer> <label>',
    summary: 'Says what an answer should have been, and waits until the vote is counted.',
    examples: [
      'understudy fix 7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d no-fedora',
      'understudy fix https://chat.example/archives/C1/p1765000000000100 fedora',
      'understudy fix 7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d_1 cannot-tell',
    ],
  })
    .argument('<answer>', 'a prediction, a message id or a link to the answer')
    .argument('<label...>', 'the right label, or cannot-tell')

/** `understudy fix` */
export const fixCommand = (deps: CommandDeps): Command => defineRun(described(), deps, fix)
