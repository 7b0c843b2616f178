import type { ListedRollout, RolloutDetail } from '../../api/contract/rollouts.ts'
import { type RolloutStage, wantedIn } from '../../domain/rollout/rollout.ts'
import { endWords, sentence, shortHash, stageWords, verdictWords } from '../evidence/evidence-words.ts'
import { percent } from '../words.ts'

/** One step of a rollout as people see it. */
export interface Step {
  readonly name: string
  readonly state: 'done' | 'skipped' | 'now' | 'ahead' | 'stopped'
  /** What was seen and what is wanted, in the step where the rollout is. */
  readonly words: string
}

interface Position extends Pick<ListedRollout, 'stage' | 'step' | 'end' | 'endedAt' | 'seen' | 'wanted'> {
  readonly numbers: Pick<ListedRollout['numbers'], 'shadowRequests' | 'canary' | 'bakeRequests'>
}
type HappenedEvent = Pick<RolloutDetail['events'][number], 'kind' | 'detail'>
interface Place {
  readonly stage: RolloutStage
  readonly step: number
}
/** A place as an event names it. */
interface NamedPlace {
  readonly stage: string
  readonly step: number
}

const before = ['recorded', 'replay', 'shadow'] as const
const after = ['approval', 'bake', 'done'] as const

/** Stages that want to see requests. */
const counting: readonly RolloutStage[] = ['shadow', 'canary', 'bake']

/** Every step in order, with the place in the rollout that it stands for. */
const placesOf = ({ numbers }: Position): readonly (Place & { readonly name: string })[] => [
  ...before.map((stage) => ({ stage, step: 0, name: stageWords(stage) })),
  ...numbers.canary.map(({ weight }, step) => ({ stage: 'canary' as const, step, name: `Canary ${percent(weight)}` })),
  ...after.map((stage) => ({ stage, step: 0, name: stage === 'done' ? 'Live' : stageWords(stage) })),
]

const isSame = (one: NamedPlace, other: NamedPlace) =>
  one.stage === other.stage && (one.stage !== 'canary' || one.step === other.step)

/** The steps that it has entered, in order. Every rollout begins as recorded. */
const enteredIn = (events: readonly HappenedEvent[]): readonly NamedPlace[] => [
  { stage: 'recorded', step: 0 },
  ...events
    .filter(({ kind }) => kind === 'stage')
    .map(({ detail }) => ({ stage: String(detail['stage']), step: Number(detail['step'] ?? 0) })),
]

/**
 * Where a rollout is among its steps, as its events tell: one that ended early stops in the last step that it entered, and a step
 * that it never entered on its way, because traffic had its time, was skipped.
 */
export function stepsOf(position: Position, events: readonly HappenedEvent[]): readonly Step[] {
  const places = placesOf(position)
  const entered = enteredIn(events)
  const promoted = position.stage === 'done' && position.end === 'promoted'
  const ended = !promoted && (position.endedAt !== null || position.end !== null)
  const last = ended ? entered.at(-1) : position
  const here = places.findIndex((place) => last !== undefined && isSame(place, last))
  const counts = `${position.seen} of ${position.wanted} requests`
  return places.map((place, index) => {
    const { name } = place
    const wasEntered = entered.some((each) => isSame(each, place)) || (promoted && place.stage === 'done')
    if (promoted || index < here) return { name, state: wasEntered ? 'done' : 'skipped', words: '' }
    if (index === here) return { name, state: ended ? 'stopped' : 'now', words: ended ? '' : counts }
    const wanted = wantedIn({ ...place, numbers: position.numbers })
    return { name, state: 'ahead', words: ended || !counting.includes(place.stage) ? '' : `${wanted} requests` }
  })
}

/** The step where a rollout on its way is, and what was seen in it: "Shadow: 12 of 30 requests." Empty for one that ended. */
export function whereItIs(position: Position): string {
  const now = stepsOf(position, []).find(({ state }) => state === 'now')
  return now?.words ? `${now.name}: ${now.words}.` : ''
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const words: Readonly<Record<string, (detail: HappenedEvent['detail']) => string>> = {
  stage: ({ stage, step }) => (stage === 'canary' ? `canary, step ${Number(step ?? 0) + 1}` : stageWords(text(stage))),
  ended: ({ end, reason }) => `${endWords(text(end))}${text(reason) && `: ${text(reason)}`}`,
  evidence: ({ verdict, hash }) =>
    `evidence ${shortHash(text(hash))} was written: ${(new Map<string, string>(Object.entries(verdictWords)).get(text(verdict)) ?? text(verdict)).toLowerCase()}`,
}

/** An event as a sentence; one of a kind that the page does not know by its name. */
export const eventWords = ({ kind, detail }: HappenedEvent): string =>
  sentence(words[kind]?.(detail) ?? (text(detail['why']) || text(detail['reason']) || kind.replaceAll('-', ' ')))
