import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import type {
  RolloutPosition,
  RolloutRef,
  RolloutRequest,
  WatchedStage,
  WatchEnd,
  WatchRequest,
} from '../../activities/rollout-contract.ts'
import { modelVersion, rolloutQuery, stageAttribute } from '../messages.ts'
import type { RolloutEnd } from '../../domain/rollout/rollout.ts'
import { letGo } from '../steps/step-failure.ts'
import { newsSteps, replaySteps, stageSteps, watchSteps } from '../steps/rollout-steps.ts'

/** What an operator reads in the Temporal UI while a version is on its way. Our own words and numbers only. */
interface RolloutPage {
  readonly position: () => RolloutPosition
  /** Whether a stage has not begun. */
  readonly isBefore: (stage: RolloutPosition['stage']) => boolean
  readonly is: (position: Partial<RolloutPosition>, note?: string) => void
}

const wholeWay = ['replay', 'shadow', 'canary', 'approval', 'bake', 'done'] as const

/** The way of a version, with where it is in bold. */
const way = ({ stage, step, steps, end }: RolloutPosition): string =>
  wholeWay
    .map((each) => (each === 'canary' && steps > 1 ? `canary ${step + 1} of ${steps}` : each))
    .map((name, index) => (wholeWay[index] === stage ? `**${name}**` : name))
    .join(' → ')
    .concat(end === undefined ? '' : ` (${end})`)

/** Opens the page, and answers `rolloutQuery` from it. */
function openRolloutPage(version: number): RolloutPage {
  let current: RolloutPosition = { stage: 'replay', step: 0, steps: 1 }
  const notes: string[] = []
  setHandler(rolloutQuery, () => current, { description: 'Where this rollout stands' })
  return {
    position: () => current,
    isBefore: (stage) => wholeWay.indexOf(current.stage) < wholeWay.indexOf(stage),
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

/** How a rollout ends early, and why, in one sentence for people. */
export interface EarlyEnd {
  readonly end: RolloutEnd
  readonly why: string
}

/** Thrown when a rollout ends before its version was promoted and watched. */
class EndedEarly extends Error {
  readonly early: EarlyEnd
  constructor(early: EarlyEnd) {
    super(early.why)
    this.early = early
  }
}

type News = 'shadow' | 'canary' | 'live' | 'ended'

/** What one look at the guards can lead to when it does not end the rollout. */
type Open = Exclude<WatchEnd['kind'], 'tripped' | 'expired' | 'withdrawn'>

export interface Stages {
  readonly ref: RolloutRef
  readonly page: RolloutPage
  /** @throws EndedEarly when the replay says no. */
  readonly rehearse: () => Promise<void>
  readonly enter: (stage: WatchedStage, step: number) => Promise<void>
  /** Watches until the stage is over. @throws EndedEarly when a guard trips or somebody took it back. */
  readonly watch: (stage: WatchedStage, step: number, evidenceId?: string) => Promise<Open>
  /** Tells people, beside everything else; what cannot be told is on the page. */
  readonly tell: (news: News) => void
  /** Tells those whose corrections the version has learned that it is live. */
  readonly thankFixers: () => void
  /** Runs a step in the background; only the end of the rollout waits for it. */
  readonly beside: (step: Promise<unknown>) => void
  /** Whether no background step is running. */
  readonly isQuiet: () => boolean
  readonly told: () => Promise<unknown>
  readonly end: (early: EarlyEnd) => never
  readonly endOf: (error: unknown) => EarlyEnd | undefined
  readonly cancelled: EarlyEnd
  /** Takes the version out, whatever stage it is in, and tells what happened. */
  readonly takeBack: (early: EarlyEnd) => Promise<RolloutEnd>
  /** How it ended, as the store knows it. */
  readonly ended: () => Promise<RolloutEnd>
}

const withdrawn = { end: 'withdrawn', why: 'a person took it back' } as const

/** What a watch found, as far as it ends the rollout. */
function earlyEndOf(found: WatchEnd): EarlyEnd | undefined {
  switch (found.kind) {
    case 'tripped':
      return { end: 'rolled-back', why: `${found.guard}: ${found.why}` }
    case 'expired':
      return { end: 'expired', why: 'nobody decided while the card was good' }
    case 'withdrawn':
      return withdrawn
    default:
      return undefined
  }
}

function openBackground() {
  const running = new Set<Promise<unknown>>()
  const done = (step: Promise<unknown>) => void running.delete(step)
  return {
    beside: (step: Promise<unknown>): void => {
      const settled: Promise<unknown> = step.catch(letGo).then(() => done(settled))
      running.add(settled)
    },
    isQuiet: () => running.size === 0,
    told: () => Promise.all(running),
  }
}

const whatLooks = (request: WatchRequest) => ({ summary: `Watch the guards in ${request.stage}` })

/** The stages of one rollout, for its story to tell in order. */
export function openStages(request: RolloutRequest): Stages {
  const ref = { bot: request.bot, version: request.version }
  const page = openRolloutPage(ref.version)
  const background = openBackground()
  const end = (early: EarlyEnd): never => {
    throw new EndedEarly(early)
  }
  const tell = (news: News) =>
    background.beside(newsSteps.tellRollout.executeWithOptions({ summary: `Tell: ${news}` }, [{ ...ref, news }]))
  const ended = async () => {
    const { end: how = 'withdrawn' } = await stageSteps.openRollout(request)
    page.is({ stage: 'done', end: how })
    return how
  }
  return {
    ref,
    page,
    rehearse: async () => {
      const { verdict, reportHash, why } = await replaySteps.replayRollout(ref)
      page.is({}, `replay ${reportHash.slice(0, 12)}: ${verdict}`)
      if (verdict === 'fail') end({ end: 'failed-gates', why: why ?? 'the replay failed' })
    },
    enter: async (stage, step) => {
      await stageSteps.enterStage.executeWithOptions({ summary: `Enter ${stage}` }, [{ ...ref, stage, step }])
      page.is({ stage, step })
    },
    watch: async (stage, step, evidenceId) => {
      const asked = { ...ref, stage, step, ...(evidenceId !== undefined && { evidenceId }) }
      const found = await watchSteps.watchRollout.executeWithOptions(whatLooks(asked), [asked])
      const early = earlyEndOf(found)
      page.is({}, `${stage}: ${early?.why ?? found.kind}`)
      return early === undefined ? (found.kind as Open) : end(early)
    },
    tell,
    thankFixers: () =>
      background.beside(newsSteps.tellFixers.executeWithOptions({ summary: 'Tell whoever corrected it' }, [ref])),
    ...background,
    end,
    endOf: (error) => (error instanceof EndedEarly ? error.early : undefined),
    cancelled: { end: 'withdrawn', why: 'an operator cancelled it' },
    takeBack: async (early) => {
      await stageSteps.rollBack.executeWithOptions({ summary: early.why }, [{ ...ref, ...early }])
      tell('ended')
      return ended()
    },
    ended,
  }
}
