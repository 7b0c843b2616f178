/** What the network tells apart, in the order of its outputs. */
export const moderationClasses = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const
export type ModerationClass = (typeof moderationClasses)[number]

/** Probabilities of the classes; they add up to 1. Not calibrated. */
export type ModerationScores = Readonly<Record<ModerationClass, number>>

/** Whether a picture may be shown to other people than the one who sent it. */
export type Verdict = 'shown' | 'withheld'

interface Threshold {
  readonly classes: readonly ModerationClass[]
  /** A picture is withheld from this sum of probabilities on. */
  readonly atLeast: number
}

/**
 * Explicit pictures and explicit drawings are one matter, so their probabilities are added: the network often splits one
 * picture between the two. "Sexy" is also swimwear and bare shoulders, so it has to be nearly certain. Kept low rather than
 * high: a picture that is wrongly withheld is only not shown to others, and its sender is answered all the same.
 */
const thresholds: readonly Threshold[] = [
  { classes: ['porn', 'hentai'], atLeast: 0.6 },
  { classes: ['sexy'], atLeast: 0.8 },
]

/** Whether every threshold is kept; what is no number keeps none. */
export function verdictOf(scores: ModerationScores): Verdict {
  const kept = ({ classes, atLeast }: Threshold) => classes.reduce((sum, name) => sum + scores[name], 0) < atLeast
  return thresholds.every(kept) ? 'shown' : 'withheld'
}
