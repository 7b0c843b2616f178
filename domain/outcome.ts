/**
 * How a conversation ended. All four complete the workflow; the Temporal status Failed means a bug.
 * - `answered`: the model's answer is visible.
 * - `refused`: our answer to bad input is visible; or there is none, because its author wants
 *   none, or the bot has said there that it is silent (`silenceReasons`).
 * - `failed`: after 24 h of retries, or when the platform will never take the reply; one apology where one can be sent.
 * - `expired`: too old to be answered; no reply.
 */
export type Outcome = 'answered' | 'refused' | 'failed' | 'expired'

/** A message older than this is not answered any more. */
export const messageLifetimeMs = 24 * 60 * 60 * 1000
/** Scores that arrive later than this after scoring began do not wait for each other; it affects only the choice. */
export const scoringDeadlineMs = 8_000
/** How long after an attempt of unknown delivery the next one looks for it. */
export const settleBeforeLookMs = 8_000
