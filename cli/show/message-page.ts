import type { Input } from '../../api/contract/messages.ts'
import type { FoundMessage } from '../find-message.ts'
import { harmless, type Terminal } from '../terminal.ts'
import { relative, stepsOf } from './steps.ts'

type Paint = Terminal['paint']

const barWidth = 20
/** A share from 0 to 1 as a bar. */
const bar = (share: number) => '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')

function scoreLine({
  slot,
  version,
  stage,
  label,
  confidence,
  known,
  evalMs,
  error,
  attempts,
}: Input['scores'][number]): string {
  const who = `${slot} ${version} (${stage})`
  const tries = attempts > 1 ? `, ${attempts} attempts` : ''
  if (label === null || confidence === null)
    return `  ${who}  no score${error ? `: ${harmless(error)}` : ' yet'}${tries}`
  const took = evalMs !== null ? `, ${evalMs < 10 ? evalMs.toFixed(1) : Math.round(evalMs)} ms` : ''
  return `  ${bar(confidence)} ${Math.round(confidence * 100)} %  ${label}${known === false ? ' (not known)' : ''}  ${who}${took}${tries}`
}

function choiceLine(choice: NonNullable<Input['choice']>): string {
  const marks = [
    !choice.known && 'not known',
    choice.unsure && 'unsure: people are asked',
    choice.deadlineHit && 'at the deadline',
  ]
  const notes = marks.filter((mark) => mark !== false).join(', ')
  const percent = Math.round(choice.confidence * 100)
  return `  choice: ${choice.label} ${percent} % of ${choice.slot} ${choice.version} by ${choice.policy}: ${harmless(choice.reason)}${notes && ` (${notes})`}`
}

function inputLines(input: Input, paint: Paint): readonly string[] {
  const { picture, correction, choice } = input
  const what = picture ? `Picture ${input.position + 1}, ${picture.width} × ${picture.height}` : 'Text'
  const settled =
    correction &&
    `  correction: ${[correction.state, correction.label].filter(Boolean).join(', ')} (${correction.votes.length} votes)`
  return [
    '',
    `${paint('bold', what)}  ${paint('dim', input.prediction)}`,
    ...input.scores.map(scoreLine),
    ...(choice ? [choiceLine(choice)] : []),
    ...(settled ? [settled] : []),
  ]
}

function replyLines(
  { kind, state, text, attempts, failure }: FoundMessage['replies'][number],
  paint: Paint,
): readonly string[] {
  const tries = attempts > 1 ? `, ${attempts} attempts` : ''
  return [
    '',
    `${paint('bold', kind === 'choice' ? 'Reply' : `Reply: ${kind}`)}  ${paint('dim', `${state}${tries}${failure ? `: ${harmless(failure)}` : ''}`)}`,
    ...harmless(text, { keepLines: true })
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}

function headLines(message: FoundMessage, paint: Paint): readonly string[] {
  const { bot, channel, outcome, outcomeReason, answerMs, id, workflowId, workflowUrl, address, text } = message
  const colour = outcome === 'answered' ? 'green' : outcome === 'failed' ? 'red' : 'yellow'
  const why = outcomeReason ? ` (${harmless(outcomeReason)})` : ''
  const took = answerMs !== null ? ` in ${Math.round(answerMs)} ms` : ''
  const lines = [id, workflowId, workflowUrl, address.link].filter((line) => line !== null)
  return [
    `${paint('bold', bot)} on ${channel}: ${paint(colour, outcome)}${why}${took}${message.synthetic ? ' · synthetic, of a load test' : ''}`,
    ...lines.map((line) => paint('dim', `  ${harmless(line)}`)),
    ...(text ? ['', `  “${harmless(text)}”`] : []),
  ]
}

/** A message as a page: what was asked, its steps, every score, the choice and why, the replies, the votes. */
export function messagePage(message: FoundMessage, paint: Paint): readonly string[] {
  const steps = stepsOf(message).map(({ afterMs, what }) => `  ${relative(afterMs).padStart(9)}  ${harmless(what)}`)
  return [
    ...headLines(message, paint),
    ...message.inputs.flatMap((input) => inputLines(input, paint)),
    ...message.replies.flatMap((reply) => replyLines(reply, paint)),
    '',
    paint('bold', 'Steps'),
    ...steps,
  ]
}
