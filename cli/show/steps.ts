import type { Input } from '../../api/contract/messages.ts'
import type { FoundMessage } from '../find-message.ts'

/** One thing that happened to a message. */
export interface Step {
  /** Milliseconds since the message was received; negative before. */
  readonly afterMs: number
  readonly what: string
}

interface Moment {
  readonly at: string | null | undefined
  readonly what: string
}

const percent = (share: number | null) => (share === null ? '' : ` ${Math.round(share * 100)} %`)

const pictureName = (input: Input, several: boolean) => (several ? ` of picture ${input.position + 1}` : '')

function momentsOf(input: Input, several: boolean): readonly Moment[] {
  const which = pictureName(input, several)
  const { choice, correction } = input
  return [
    ...input.scores.map(({ slot, version, scoredAt, label, confidence }) => ({
      at: scoredAt,
      what: `${slot} ${version} scored${which}: ${label ?? 'nothing'}${percent(confidence)}`,
    })),
    { at: choice?.decidedAt, what: `chosen${which}: ${choice?.label ?? ''}` },
    ...(correction?.votes ?? []).map(({ at, label, via, verdict }) => ({
      at,
      what: `a vote${which} by ${via}: ${label ?? "can't tell"}${verdict === null ? ', not counted yet' : `, ${verdict}`}`,
    })),
  ]
}

/** What happened to a message, in the order in which it happened. */
export function stepsOf(message: FoundMessage): readonly Step[] {
  const received = Date.parse(message.receivedAt)
  const several = message.inputs.length > 1
  const moments: readonly Moment[] = [
    { at: message.sentAt, what: 'sent by the person' },
    { at: message.receivedAt, what: 'received' },
    ...message.inputs.flatMap((input) => momentsOf(input, several)),
    ...message.replies.flatMap(({ kind, createdAt, sentAt, adopted }) => [
      { at: createdAt, what: `${kind} written` },
      { at: sentAt, what: `${kind} sent${adopted ? ' (found there after a lost answer)' : ''}` },
    ]),
  ]
  return moments
    .flatMap(({ at, what }) => (typeof at === 'string' ? [{ afterMs: Date.parse(at) - received, what }] : []))
    .toSorted((one, other) => one.afterMs - other.afterMs)
}

/** A duration with a sign, in the unit that reads best. */
export function relative(ms: number): string {
  const size = Math.abs(ms)
  const text =
    size < 1_000
      ? `${Math.round(size)} ms`
      : size < 90_000
        ? `${(size / 1_000).toFixed(1)} s`
        : `${Math.round(size / 60_000)} min`
  return `${ms < 0 ? '-' : '+'}${text}`
}
