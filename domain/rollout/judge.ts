import type { RolloutNumbers } from '../learning/numbers.ts'
import { eValue, isFutile, labelsNeeded } from './statistics/e-value.ts'
import { trippedGuard } from './guards.ts'
import type { GuardLight, Judgement, Pairs } from './verdict.ts'

/** What a verdict is made of. */
export interface Seen {
  readonly pairs: Pairs
  readonly lights: readonly GuardLight[]
  /** Requests that the version has seen in this stage, and how many are wanted. */
  readonly seen: number
  readonly wanted: number
  /** Traffic had its time. */
  readonly waitedOut: boolean
}

const pairsText = ({ wins, losses }: Pairs, value: number): string =>
  `right in ${wins} and wrong in ${losses} of ${wins + losses} labelled disagreements (E = ${value >= 100 ? Math.round(value) : value.toFixed(1)})`

function undecided({ pairs, seen, wanted, waitedOut }: Seen, numbers: RolloutNumbers): Judgement {
  const labelled = pairs.wins + pairs.losses
  const text = pairsText(pairs, eValue(pairs.wins, pairs.losses))
  const needed = labelsNeeded(pairs, numbers.evidence)
  const next =
    needed === undefined
      ? 'More labels are unlikely to decide: hold it, or promote it with a recorded override.'
      : `About ${needed} more labelled disagreement${needed === 1 ? '' : 's'} would decide.`
  if (labelled >= numbers.inconclusiveAfter)
    return { verdict: 'inconclusive', why: `${labelled} labels decided nothing: ${text}.`, next }
  if (isFutile(pairs))
    return { verdict: 'inconclusive', why: `It is unlikely to show that it is better: ${text}.`, next }
  if (waitedOut)
    return { verdict: 'inconclusive', why: `Traffic did not decide in time: ${seen} requests seen, ${text}.`, next }
  if (seen < wanted)
    return {
      verdict: 'no_data',
      why: `It has seen ${seen} of ${wanted} requests, and was ${text}.`,
      next: `${wanted - seen} more requests are wanted.`,
    }
  return { verdict: 'no_data', why: `Too few disagreements are labelled: ${text}.`, next }
}

/**
 * The verdict on a challenger.
 * 1. A guard that is red is harm: fail.
 * 2. A sample ratio that is red voids the data: no_data.
 * 3. E at its bound decides: pass when the challenger leads, fail when the champion does.
 * 4. Enough labels, no hope, or no time left: inconclusive.
 * 5. Else there is too little to tell.
 */
export function judge(seen: Seen, numbers: RolloutNumbers): Judgement {
  const tripped = trippedGuard(seen.lights)
  if (tripped)
    return { verdict: 'fail', why: `${tripped.why}.`, next: 'Find out why; a corrected version starts anew.' }
  const mismatch = seen.lights.find(({ guard, light }) => guard === 'sample-ratio' && light === 'red')
  if (mismatch)
    return {
      verdict: 'no_data',
      why: `The sample is void: ${mismatch.why}.`,
      next: 'Find out why people fall unevenly.',
    }
  const { wins, losses } = seen.pairs
  const value = eValue(wins, losses)
  if (value < numbers.evidence) return undecided(seen, numbers)
  const why = `It was ${pairsText(seen.pairs, value)}.`
  return wins > losses
    ? { verdict: 'pass', why, next: 'A red guard, or the champion winning the next disagreements.' }
    : { verdict: 'fail', why, next: 'Nothing: the champion is better.' }
}
