import { z } from 'zod'
import type { BotState } from '../../api/contract/bots.ts'
import { figures } from '../../api/contract/judgement.ts'
import type { ListedVersion } from '../../api/contract/versions.ts'

type Candidate = Pick<ListedVersion, 'version' | 'stage' | 'rollout'>

/** Whether a rollout of a version can begin: each has one, ever, and what is live or a baseline needs none. */
export const mayStart = ({ version, stage, rollout }: Candidate, serving: BotState['versions']): boolean =>
  rollout === null &&
  stage !== 'live' &&
  !serving.some((member) => member.version === version && (member.stage === 'live' || member.baseline))

const judged = figures.omit({ auc: true })
const reliabilityBin = z.object({ confidence: z.number(), accuracy: z.number(), count: z.number() })
const riskPoint = z.object({ confidence: z.number(), share: z.number(), error: z.number().nullable() })
/** As in `evaluation.json`, which the API hands on as it is; families and ages differ in what they tell. */
const evaluation = z.object({
  method: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  pooled: judged.nullish(),
  holdout: judged.nullish(),
  unsure: z.object({ share: z.number(), confidence: z.number(), curve: z.array(riskPoint).nullish() }).nullish(),
  reliability: z.array(reliabilityBin).nullish(),
})
export type Evaluation = Readonly<z.infer<typeof evaluation>>

/** A version's evaluation; `undefined` when there is none, or when it is of another kind. */
export const readEvaluation = (told: unknown): Evaluation | undefined => evaluation.safeParse(told).data

/** A version in the tree of its family; `depth` 0 is the main line, each branch is one deeper. */
export interface FamilyRow<T> {
  readonly version: T
  readonly depth: number
}

type Relative = Pick<ListedVersion, 'version' | 'parent' | 'stage' | 'slot'>

/** Whether the version or one that came from it is live. */
const leadsToLive = <T extends Relative>(one: T, childrenOf: (parent: T) => readonly T[]): boolean =>
  one.stage === 'live' || childrenOf(one).some((child) => leadsToLive(child, childrenOf))

/**
 * The versions of a slot, parents before children. The child that leads to the live version, or else the newest, goes on in its
 * parent's line; the others branch off before it.
 */
export function familyRows<T extends Relative>(versions: readonly T[]): readonly FamilyRow<T>[] {
  const known = new Set(versions.map(({ version }) => version))
  const byAge = versions.toSorted((one, other) => one.version - other.version)
  // A parent is older than its child: a record that says otherwise must not send the walk in circles.
  const parentOf = ({ parent, version }: T) =>
    parent !== null && known.has(parent) && parent < version ? parent : undefined
  const childrenOf = ({ version }: T) => byAge.filter((each) => parentOf(each) === version)
  const walk = (version: T, depth: number): readonly FamilyRow<T>[] => {
    const children = childrenOf(version)
    const heir = children.findLast((child) => leadsToLive(child, childrenOf)) ?? children.at(-1)
    const branches = children.filter((child) => child !== heir)
    return [
      { version, depth },
      ...branches.flatMap((child) => walk(child, depth + 1)),
      ...(heir === undefined ? [] : walk(heir, depth)),
    ]
  }
  return byAge.filter((each) => parentOf(each) === undefined).flatMap((root) => walk(root, 0))
}
