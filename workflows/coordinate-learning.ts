import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow'
import type {
  CoordinatorRequest,
  LearningFacts,
  RetrainOrder,
  RetrainRequest,
} from '../activities/learning-contract.ts'
import { learningQueue, retrainWorkflowId } from '../domain/keys.ts'
import { whyRetrain } from '../domain/learning/triggers.ts'
import { recordSteps } from './steps/learning-steps.ts'
import { botAttribute, correctionAcceptedSignal, learningQuery, retrainSignal } from './messages.ts'
import type { retrainModel } from './retrain-model.ts'

/** So many keys of earlier wishes are remembered; a repeat comes within minutes. */
const mostSeen = 200
/** Most urgent first: somebody watches a demonstration, a person can come back, and a Schedule can wait. */
const urgency: readonly RetrainRequest['reason'][] = ['demo', 'person', 'schedule']
/** A retrain that an earlier run of the coordinator started is looked at again after this, unless the facts say otherwise. */
const shortlyMs = 10_000

/** Requests and news that the coordinator has not acted on yet. Handlers are set before anything is awaited, so none is missed. */
function openWishes({ seen = [], queue = [] }: CoordinatorRequest) {
  const keys = new Set(seen)
  const waiting = [...queue]
  let changed = false
  setHandler(correctionAcceptedSignal, () => void (changed = true), {
    description: 'A correction was accepted, or is no longer',
  })
  setHandler(
    retrainSignal,
    (request) => {
      // During a long rollout the Schedule asks several times; one retrain answers all of them.
      const isAsked = request.reason === 'schedule' && waiting.some(({ reason }) => reason === 'schedule')
      if (!keys.has(request.key) && !isAsked) waiting.push(request)
      keys.add(request.key)
      changed = true
    },
    { description: 'Somebody wants a retrain' },
  )
  return {
    hasChanged: () => changed,
    /** From here on, `hasChanged` tells of what comes later. */
    listen: () => void (changed = false),
    mostUrgent: () => urgency.flatMap((reason) => waiting.filter((wish) => wish.reason === reason))[0],
    answered: (wish: RetrainRequest) => void waiting.splice(waiting.indexOf(wish), 1),
    carry: () => ({ seen: [...keys].slice(-mostSeen), queue: waiting }),
  }
}

/** Runs a retrain to its end, however it ends. */
async function retrain(order: RetrainOrder, lookAgainMs = shortlyMs): Promise<void> {
  const { bot, number, reason } = order
  setCurrentDetails(`**learning**: retrain ${number} (${reason})`)
  try {
    await executeChild<typeof retrainModel>('retrainModel', {
      workflowId: retrainWorkflowId(bot, number),
      taskQueue: learningQueue,
      args: [order],
      // When an operator terminates the coordinator the training goes on, and the next coordinator waits for it.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Retrain ${number} of ${bot} (${reason})`,
      typedSearchAttributes: [{ key: botAttribute, value: bot }],
    })
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error
    if (error instanceof WorkflowExecutionAlreadyStartedError) return sleep(lookAgainMs)
    if (!(error instanceof ChildWorkflowFailure)) throw error
    // It was terminated: its row is closed for it, so that the next trigger is free.
    await recordSteps.closeRetrain({ bot, number, state: 'failed', reason: 'its workflow was ended from outside' })
  }
}

/** Until somebody says something, the cool-down is over, or it is time to look again. */
async function waitFor(changed: () => boolean, facts: LearningFacts): Promise<void> {
  const { coolDownUntil = 0, lookAgainMs = Infinity } = facts
  const cooling = coolDownUntil - Date.now()
  const left = Math.min(cooling > 0 ? cooling : Infinity, lookAgainMs)
  const summary = left === cooling ? 'Wait until the cool-down is over' : 'Look again whether the rollout has ended'
  if (left === Infinity) await condition(changed)
  else await condition(changed, left, { summary })
}

/** Whether something that passes by itself stands against a retrain. */
const isHeldBack = ({ coolDownUntil = 0, onItsWay }: LearningFacts): boolean =>
  coolDownUntil > Date.now() || onItsWay !== undefined

/**
 * When a bot learns: one entity per bot, the only starter of its retrains, one at a time. Every message makes it look at what
 * the records say; a wish is answered by a retrain, or dropped when there is not enough to learn from. It never ends.
 */
export async function coordinateLearning(request: CoordinatorRequest): Promise<void> {
  const { bot } = request
  const wishes = openWishes(request)
  let status: LearningFacts | undefined
  setHandler(learningQuery, () => status, { description: 'What speaks for a retrain now' })
  for (;;) {
    // A new run reads the records first, so it finds the corrections whose signals this run has not handled.
    if (workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof coordinateLearning>({ bot, ...wishes.carry() })
    wishes.listen()
    status = await recordSteps.learningStatus({ bot })
    if (status.running !== undefined) {
      const order = { bot, number: status.running, reason: status.runningReason ?? 'person' } as const
      await retrain(order, status.lookAgainMs)
      continue
    }
    const wish = wishes.mostUrgent()
    const why = whyRetrain(status, wish?.reason, { now: Date.now(), numbers: status })
    // A Schedule's request waits until the cool-down or the rollout is over; a person is told at once why there is none.
    const waits = wish?.reason === 'schedule' && isHeldBack(status)
    if (wish !== undefined && ('reason' in why || !waits)) wishes.answered(wish)
    if ('reason' in why) {
      // A retrain that the corrections start by themselves has no author, even if somebody asked for one meanwhile.
      const by = wish?.reason === why.reason ? wish.by : undefined
      await retrain({ bot, number: status.nextNumber, reason: why.reason, ...(by !== undefined && { by }) })
      continue
    }
    setCurrentDetails(`**waiting**: ${why.wait}`)
    const next = wishes.mostUrgent()
    if (wishes.hasChanged() || (next !== undefined && next !== wish)) continue
    await waitFor(wishes.hasChanged, status)
  }
}
