import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  TimeoutFailure,
} from '@temporalio/workflow'
import type { Frozen, Judged, RetrainEnd, RetrainOrder, RetrainRef, SlotRef } from '../activities/learning-contract.ts'
import { learningQueue, rolloutWorkflowId } from '../domain/keys.ts'
import { datasetSteps, recordSteps, trainingSteps } from './steps/learning-steps.ts'
import { botAttribute } from './messages.ts'
import type { rollOutVersion } from './roll-out-version.ts'

/** What an operator reads while it learns: the steps so far, one a line. */
function openPage(): (line: string) => void {
  const lines: string[] = []
  return (line) => setCurrentDetails((lines.push(`- ${line}`), lines.join('\n')))
}

/** One sentence of our own words. What an activity throws is that already (activities/failures.ts). */
function reasonOf({ cause }: ActivityFailure): string {
  if (cause instanceof ApplicationFailure) return cause.message
  return cause instanceof TimeoutFailure ? 'a step took too long' : 'a step failed unexpectedly'
}

/** Trains one slot and asks the gates. */
async function learn(slot: SlotRef): Promise<Judged> {
  const trained = { summary: `Train ${slot.slot}` }
  await trainingSteps.trainSlot.executeWithOptions(trained, [slot])
  return datasetSteps.judgeSlot.executeWithOptions({ summary: `Gates of ${slot.slot}` }, [slot])
}

const failedGates = ({ gates }: Judged): string =>
  gates.flatMap(({ gate, verdict, why }) => (verdict === 'fail' ? [`${gate}: ${why}`] : [])).join('; ')

/** Starts the version's rollout; one that runs already is left as it is. */
async function rollOut({ bot, reason }: RetrainOrder, version: number): Promise<void> {
  try {
    await startChild<typeof rollOutVersion>('rollOutVersion', {
      workflowId: rolloutWorkflowId(bot, version),
      taskQueue: learningQueue,
      args: [{ bot, version, demo: reason === 'demo' }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `Rollout of version ${version} of ${bot}`,
      typedSearchAttributes: [{ key: botAttribute, value: bot }],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

async function learnAll(ref: RetrainRef, { slots }: Frozen, tell: (line: string) => void): Promise<string[]> {
  const refusals: string[] = []
  for (const slot of slots) {
    tell(`training ${slot}`)
    const judged = await learn({ ...ref, slot })
    const refusal = failedGates(judged)
    tell(`gates of ${slot}: ${judged.passed ? 'passed' : refusal}`)
    if (!judged.passed) refusals.push(`${slot}: ${refusal}`)
  }
  return refusals
}

async function finish(order: RetrainOrder, added: number, refusals: readonly string[]): Promise<RetrainEnd> {
  const versions = await datasetSteps.registerVersions({ bot: order.bot, number: order.number })
  for (const version of versions) await rollOut(order, version)
  const names = versions.map((version) => `version ${version}`).join(' and ')
  const not = refusals.length > 0 ? `; the gates stopped ${refusals.join(', ')}` : ''
  // Without new corrections the dataset still differs from its parent's: some corrections were taken back.
  const from = added > 0 ? `from ${added} new corrections` : 'without the corrections that were taken back'
  return { state: 'succeeded', reason: `${names} learned ${from}${not}`, versions }
}

async function perform(order: RetrainOrder, tell: (line: string) => void): Promise<RetrainEnd> {
  const ref = { bot: order.bot, number: order.number }
  await recordSteps.openRetrain(order)
  tell('freezing the dataset')
  const frozen = await datasetSteps.freezeDataset.executeWithOptions({ summary: 'Freeze the dataset' }, [ref])
  tell(`dataset ${frozen.root.slice(0, 12)}: ${frozen.size} examples, ${frozen.added} new corrections`)
  const refusals = await learnAll(ref, frozen, tell)
  if (refusals.length === frozen.slots.length)
    return { state: 'failed', reason: `the gates stopped ${refusals.join(', ')}`, versions: [] }
  // From here on there are versions, and each of them needs its rollout.
  return CancellationScope.nonCancellable(() => finish(order, frozen.added, refusals))
}

/**
 * A bot learns: freeze the dataset → train every slot → gates → register → roll out. A step that gave up and a cancellation
 * complete it: they end in the row with their reason, and the champion stays as it is.
 */
export async function retrainModel(order: RetrainOrder): Promise<RetrainEnd> {
  const { bot, number } = order
  const tell = openPage()
  const end = await perform(order, tell).catch((error: unknown): RetrainEnd => {
    if (isCancellation(error)) return { state: 'cancelled', reason: 'it was cancelled by a person', versions: [] }
    if (error instanceof ActivityFailure) return { state: 'failed', reason: reasonOf(error), versions: [] }
    throw error
  })
  tell(`${end.state}: ${end.reason}`)
  const { state, reason } = end
  await CancellationScope.nonCancellable(() => recordSteps.closeRetrain({ bot, number, state, reason }))
  return end
}
