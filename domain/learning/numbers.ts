const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** When a bot learns; all of it can be set in `bot.yaml`. */
export interface LearningNumbers {
  /** Accepted corrections since the parent's dataset. */
  readonly accepted: number
  /** Different people who made them; a reviewer's own corrections need nobody else. */
  readonly people: number
  /** At most this share of a batch comes from one person; reviewers are exempt. The rest waits for the next batch. */
  readonly largestShare: number
  /** Enough for the weekly retrain. */
  readonly weeklyAccepted: number
  readonly coolDownMs: number
  /** When the Schedule asks, as a cron expression in UTC. */
  readonly schedule: string
}

export const learningDefaults: LearningNumbers = {
  accepted: 20,
  people: 3,
  largestShare: 0.4,
  weeklyAccepted: 5,
  coolDownMs: 6 * hour,
  schedule: '0 6 * * MON',
}

/** What trips a guard, over the last `window` requests of the version. */
export interface GuardLimits {
  readonly window: number
  /** Errors or invalid outputs in the window. */
  readonly errors: number
  /** Share of the window that missed the scoring deadline. */
  readonly deadlineMisses: number
  /** p95 of the version over that of the champion, and how slow it must be at least, in milliseconds. */
  readonly latencyRatio: number
  readonly latencyFloorMs: number
  /** Mean confidence below the champion's. */
  readonly confidenceDrop: number
  /** Corrections per answer over the champion's, and how many corrections there must be at least. */
  readonly correctionsRatio: number
  readonly correctionsFloor: number
  /** A sample ratio less likely than this voids the data. */
  readonly sampleRatio: number
  /** Disagreement with the baseline, above that of the champion: the world changed, or the version did. Shown, and never a reason to roll back. */
  readonly baselineDisagreement: number
}

/** How a version gets from `recorded` to `live`. */
export interface RolloutNumbers {
  /** At most so many recorded requests are replayed, the newest ones. */
  readonly replayRequests: number
  /** Requests seen in shadow before the canary. */
  readonly shadowRequests: number
  /** Steps of the canary: the share of people or threads, and the requests that each step wants to see. */
  readonly canary: readonly { readonly weight: number; readonly requests: number }[]
  /** How often guards and gates are looked at. */
  readonly judgeEveryMs: number
  /** Traffic has so long to decide, from the beginning of shadow; then the card is asked anyway. */
  readonly maxWaitMs: number
  /** A card is good for so long. */
  readonly approvalWithinMs: number
  /** After promotion the guards watch until so many requests were seen, or so much time has gone. */
  readonly bakeRequests: number
  readonly bakeMs: number
  /** The e-value that decides (1/α), and the labelled discordant pairs without a decision that make it inconclusive. */
  readonly evidence: number
  readonly inconclusiveAfter: number
  readonly guards: GuardLimits
  /** Thresholds for a demonstration: said on every card. */
  readonly demo: boolean
}

export const rolloutDefaults: RolloutNumbers = {
  replayRequests: 200,
  shadowRequests: 30,
  canary: [
    { weight: 0.1, requests: 30 },
    { weight: 0.5, requests: 30 },
  ],
  judgeEveryMs: 5_000,
  maxWaitMs: 7 * day,
  approvalWithinMs: 3 * day,
  bakeRequests: 100,
  bakeMs: day,
  evidence: 20,
  inconclusiveAfter: 60,
  guards: {
    window: 30,
    errors: 3,
    deadlineMisses: 0.2,
    latencyRatio: 2,
    latencyFloorMs: 500,
    confidenceDrop: 0.25,
    correctionsRatio: 2,
    correctionsFloor: 5,
    sampleRatio: 0.001,
    baselineDisagreement: 0.3,
  },
  demo: false,
}

/** "Teach it now": the same stages in about two minutes, whether or not anybody talks to the bot meanwhile. */
export const demoRollout = (numbers: RolloutNumbers): RolloutNumbers => ({
  ...numbers,
  shadowRequests: 3,
  canary: [{ weight: 0.5, requests: 3 }],
  judgeEveryMs: 1_000,
  maxWaitMs: 30_000,
  approvalWithinMs: hour,
  bakeRequests: 5,
  bakeMs: 20_000,
  demo: true,
})
