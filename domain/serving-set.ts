export const selectionPolicies = ['primary-then-best', 'highest-confidence', 'average', 'first', 'weighted'] as const
/**
 * How one answer is chosen of several scores.
 * - `primary-then-best`: the first live member if it arrived in time, else the most confident one.
 * - `highest-confidence`: the most confident one; only when every live version is calibrated, else as `primary-then-best`.
 * - `average`: the label with the highest mean probability of those that arrived.
 * - `first`: whoever answers first.
 * - `weighted`: each conversation belongs to one version, by its weight; when that one is late, the most confident one.
 */
export type SelectionPolicy = (typeof selectionPolicies)[number]

export const stages = ['recorded', 'replay', 'shadow', 'canary', 'live', 'retired'] as const
/** The rollout position of one version. */
export type Stage = (typeof stages)[number]

/**
 * One version in service. A slot is a line of versions that replace each other. The first version of a bot is its
 * `baseline` and stays in the set.
 */
export interface Member {
  readonly slot: string
  readonly version: number
  readonly stage: Stage
  /** Share of conversations, 0 to 1; used by the weighted policy and by canaries. */
  readonly weight: number
  readonly baseline: boolean
}

/** What serves for one bot. Replaced in one transaction, only by versions that are loaded and warm. */
export interface ServingSet {
  readonly policy: SelectionPolicy
  readonly members: readonly Member[]
}

export type Alias = 'champion' | 'challenger' | 'baseline'

/** The version that an alias points to, or `undefined`. Aliases are read from the set; they are stored nowhere else. */
export function versionOfAlias(set: ServingSet, alias: Alias): number | undefined {
  switch (alias) {
    case 'champion':
      return set.members.find((member) => member.stage === 'live')?.version
    case 'challenger':
      return set.members.find((member) => member.stage === 'canary' || member.stage === 'shadow')?.version
    case 'baseline':
      return set.members.find((member) => member.baseline)?.version
  }
}

/** The members whose scores may be chosen; the others are computed for comparison only. */
export const answeringMembers = (set: ServingSet): readonly Member[] =>
  set.members.filter((member) => member.stage === 'live' || member.stage === 'canary')
