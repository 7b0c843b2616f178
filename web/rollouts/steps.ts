import { stageWords } from '../evidence/evidence-words.ts'
import type { ListedRollout } from '../operator/learning/rollout-answers.ts'
import { percent } from '../words.ts'

/** One step of a rollout as people see it. */
export interface Step {
  readonly name: string
  readonly state: 'done' | 'now' | 'ahead' | 'stopped'
  /** What was seen and what is wanted, in the step where the rollout is. */
  readonly words: string
}

type Position = Pick<ListedRollout, 'stage' | 'step' | 'end' | 'endedAt' | 'seen' | 'wanted' | 'numbers'>

const before = ['recorded', 'replay', 'shadow'] as const
const after = ['approval', 'bake', 'done'] as const

/** Every step in order, with the place in the rollout that it stands for. */
const placesOf = ({ numbers }: Position): readonly { stage: string; step: number; name: string }[] => [
  ...before.map((stage) => ({ stage, step: 0, name: stageWords(stage) })),
  ...numbers.canary.map(({ weight }, step) => ({ stage: 'canary', step, name: `Canary ${percent(weight)}` })),
  ...after.map((stage) => ({ stage, step: 0, name: stage === 'done' ? 'Live' : stageWords(stage) })),
]

const wantedIn = (stage: string, step: number, { numbers }: Position): number | undefined => {
  if (stage === 'shadow') return numbers.shadowRequests
  if (stage === 'canary') return numbers.canary[step]?.requests
  return stage === 'bake' ? numbers.bakeRequests : undefined
}

const isPromoted = ({ stage, end }: Position) => stage === 'done' && (end == null || end === 'promoted')

/** Where a rollout is among its steps; one that ended early stops where it was. */
export function stepsOf(position: Position): readonly Step[] {
  const places = placesOf(position)
  const counts =
    position.seen != null && position.wanted != null ? `${position.seen} of ${position.wanted} requests` : ''
  const here = places.findIndex(
    ({ stage, step }) => stage === position.stage && (stage !== 'canary' || step === position.step),
  )
  const promoted = isPromoted(position)
  const ended = !promoted && (position.endedAt != null || position.end != null)
  return places.map(({ stage, step, name }, index) => {
    if (promoted || index < here) return { name, state: 'done', words: '' }
    if (index === here) return { name, state: ended ? 'stopped' : 'now', words: ended ? '' : counts }
    const wanted = wantedIn(stage, step, position)
    return { name, state: 'ahead', words: wanted === undefined ? '' : `${wanted} requests` }
  })
}
