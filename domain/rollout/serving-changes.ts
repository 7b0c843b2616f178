import type { Member, ServingSet } from '../serving-set.ts'

/* How a rollout changes what serves. Pure: the store applies the result in one transaction. */

/** Thrown when a change would leave a bot with no live version: nobody would be answered. */
export class NoLiveVersion extends Error {
  readonly code = 'NoLiveVersion'
  constructor() {
    super('the change would leave no live version')
  }
}

const isLive = ({ stage }: Member): boolean => stage === 'live'

/** Live versions share conversations evenly. @throws NoLiveVersion. */
function balanced(set: ServingSet, members: readonly Member[]): ServingSet {
  const live = members.filter(isLive).length
  if (live === 0) throw new NoLiveVersion()
  return { ...set, members: members.map((member) => (isLive(member) ? { ...member, weight: 1 / live } : member)) }
}

const without = (members: readonly Member[], version: number): readonly Member[] =>
  members.filter((member) => member.version !== version)

/** Whether a version is the bot's baseline, which stays in the set for good. */
const isBaseline = ({ members }: ServingSet, version: number): boolean =>
  members.some((member) => member.version === version && member.baseline)

/** The baseline is in the set already and computes; every other version on trial gets its place anew. */
const withTrial = (set: ServingSet, trial: Omit<Member, 'baseline'>): ServingSet =>
  isBaseline(set, trial.version)
    ? set
    : balanced(set, [...without(set.members, trial.version), { ...trial, baseline: false }])

/** A version that computes and never answers. */
export const withShadow = (
  set: ServingSet,
  { slot, version }: { readonly slot: string; readonly version: number },
): ServingSet => withTrial(set, { slot, version, stage: 'shadow', weight: 0 })

/** A version that answers a share of people or threads. */
export const withCanary = (
  set: ServingSet,
  { slot, version, weight }: { readonly slot: string; readonly version: number; readonly weight: number },
): ServingSet => withTrial(set, { slot, version, stage: 'canary', weight })

/** A champion that is replaced leaves the set; the baseline stays, computes, and answers only when nothing else does. */
const stepDown = (member: Member): readonly Member[] =>
  member.baseline ? [{ ...member, stage: 'retired', weight: 0 }] : []

/** A version that goes live: it takes the champion's place, first in precedence as that was, or joins behind it. */
export function promoted(
  set: ServingSet,
  change: {
    readonly slot: string
    readonly version: number
    readonly champion: number
    readonly mode: 'replace' | 'join'
  },
): ServingSet {
  const { slot, version, champion, mode } = change
  const live: Member = { slot, version, stage: 'live', weight: 1, baseline: isBaseline(set, version) }
  const others = without(set.members, version)
  const members = others.flatMap((member) => {
    if (member.version !== champion || !isLive(member)) return [member]
    return mode === 'join' ? [member, live] : [live, ...stepDown(member)]
  })
  return balanced(set, members.some((member) => member.version === version) ? members : [live, ...members])
}

/**
 * A version that leaves: its champion answers again. Repeating it changes nothing.
 * @throws NoLiveVersion.
 */
export function withoutVersion(
  set: ServingSet,
  change: { readonly slot: string; readonly version: number; readonly champion: number },
): ServingSet {
  const { slot, version, champion } = change
  const leaving = set.members.find((member) => member.version === version)
  const baseline = leaving?.baseline === true
  const rest = without(set.members, version)
  if (leaving === undefined || !isLive(leaving)) return balanced(set, baseline ? set.members : rest)
  const back: Member = { slot, version: champion, stage: 'live', weight: 1, baseline: false }
  const returned = rest.some((member) => member.version === champion)
    ? rest.map((member) => (member.version === champion ? { ...member, stage: 'live' as const } : member))
    : [back, ...rest]
  return balanced(set, baseline ? [...returned, ...stepDown(leaving)] : returned)
}

/**
 * The members whose scores may be chosen in one conversation: a canary takes the place of its slot's live members where the
 * conversation falls into its share, and only computes elsewhere.
 * @param shareOf where the conversation falls between 0 and 1, drawn anew for every version.
 */
export function answeringFor(
  set: Pick<ServingSet, 'members'>,
  shareOf: (version: number) => number,
): readonly Member[] {
  const canaries = set.members.filter(({ stage, version, weight }) => stage === 'canary' && shareOf(version) < weight)
  const replaced = new Set<string>()
  return set.members.flatMap((member) => {
    if (!isLive(member)) return []
    const canary = canaries.find(({ slot }) => slot === member.slot)
    if (canary === undefined) return [member]
    if (replaced.has(member.slot)) return []
    replaced.add(member.slot)
    return [{ ...canary, weight: member.weight }]
  })
}
