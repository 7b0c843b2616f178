/** What one version did in the last requests that it saw. */
export interface VersionWindow {
  /** Requests in the window. */
  readonly requests: number
  readonly errors: number
  /** Labels that the bot does not have, probabilities that do not sum to 1, not a number. */
  readonly invalid: number
  readonly deadlineMisses: number
  /** In milliseconds; `null` without a score. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  /** Its third slowest answer: in a small window the percentile is the slowest one alone. `null` with fewer. */
  readonly thirdSlowestMs: number | null
  readonly meanConfidence: number | null
  /** Visible answers of this version since it began to answer, and accepted corrections of them. */
  readonly answers: number
  readonly corrections: number
  /** Share of the window in which it says another label than the baseline. */
  readonly baselineDisagreement: number | null
}

/** What the guards look at, in one stage of a rollout. */
export interface RolloutWindow {
  readonly version: VersionWindow
  readonly champion: VersionWindow
  /** All requests that the version has seen in this stage. */
  readonly seen: number
  /** People or threads by arm, with the share that was intended; absent outside a canary. */
  readonly assigned?: { readonly canary: number; readonly control: number; readonly share: number } | undefined
  /** Requests in which version and champion say the same, of those that both answered, in this rollout. */
  readonly compared: number
  readonly agreed: number
}
