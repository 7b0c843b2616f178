import type { ListedVersion } from '../../operator/learning/version-answers.ts'

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
    parent != null && known.has(parent) && parent < version ? parent : undefined
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
