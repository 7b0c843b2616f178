import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import type { RolloutPosition } from '../../activities/rollout-contract.ts'
import { modelVersion, rolloutQuery, stageAttribute } from '../messages.ts'

/** What an operator reads in the Temporal UI while a version is on its way. Our own words and numbers only. */
export interface RolloutPage {
  readonly position: () => RolloutPosition
  /** Whether a stage has not begun. */
  readonly isBefore: (stage: RolloutPosition['stage']) => boolean
  readonly is: (position: Partial<RolloutPosition>, note?: string) => void
}

const stages = ['replay', 'shadow', 'canary', 'approval', 'bake', 'done'] as const

/** The way of a version, with where it is in bold. */
const way = ({ stage, step, steps, end }: RolloutPosition): string =>
  stages
    .map((each) => (each === 'canary' && steps > 1 ? `canary ${step + 1} of ${steps}` : each))
    .map((name, index) => (stages[index] === stage ? `**${name}**` : name))
    .join(' → ')
    .concat(end === undefined ? '' : ` (${end})`)

/** Opens the page, and answers `rolloutQuery` from it. */
export function openRolloutPage(version: number): RolloutPage {
  let current: RolloutPosition = { stage: 'replay', step: 0, steps: 1 }
  const notes: string[] = []
  setHandler(rolloutQuery, () => current, { description: 'Where this rollout stands' })
  return {
    position: () => current,
    isBefore: (stage) => stages.indexOf(current.stage) < stages.indexOf(stage),
    is: (position, note) => {
      const { stage } = current
      current = { ...current, ...position }
      if (note !== undefined) notes.push(`- ${note}`)
      setCurrentDetails([way(current), ...notes.slice(-20)].join('\n\n'))
      if (notes.length > 1 && stage === current.stage) return
      upsertSearchAttributes([{ key: stageAttribute, value: current.stage }, modelVersion(version)])
    },
  }
}
