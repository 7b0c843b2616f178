import type { Label } from '../../../domain/label.ts'
import { whyRetrain } from '../../../domain/learning/triggers.ts'
import { baseExampleOf, parsePredictionId, predictionId, type PredictionRef } from '../../../domain/prediction.ts'
import type { Bot } from '../../../domain/bot.ts'
import type { Compared } from '../../../domain/rollout/evidence.ts'
import type { Db } from '../../../store/db.ts'
import { exampleInputsShown } from '../../../store/learning/datasets/example-inputs.ts'
import { inputsShown, type ShownInput } from '../../../store/learning/inputs.ts'
import type { RetrainSlot } from '../../../store/learning/retrains/retrain-slots.ts'
import { retrainWorkflowId } from '../../../domain/keys.ts'
import type { OperatorDeps } from '../context.ts'
import { workflowUrl } from '../present.ts'
import type { LearningOverview } from './overview.ts'
import type { BotLearning } from '../../contract/learning.ts'

const isProgress = (value: unknown): value is { readonly step: number; readonly of: number; readonly loss: number } =>
  typeof value === 'object' && value !== null && 'step' in value && 'of' in value

const slotOf = ({ slot, parent, version, gates, progress }: RetrainSlot) => ({
  slot,
  parent: parent ?? null,
  version: version ?? null,
  gates: gates ?? null,
  // A loss that became no number is kept as null.
  progress: isProgress(progress) ? { step: progress.step, of: progress.of, loss: progress.loss } : null,
})

/** How a bot learns, as the API tells it. */
export function presentLearning(deps: OperatorDeps, bot: Bot, overview: LearningOverview): BotLearning {
  const { status, schedule, retrains, correctionToLiveMedianMs } = overview
  const why = whyRetrain(status, undefined, { now: Date.now(), numbers: bot.learning })
  return {
    bot: bot.name,
    status: { ...status },
    wait: 'wait' in why ? why.wait : null,
    schedule: schedule === 'unreachable' ? null : (schedule ?? null),
    scheduleKnown: schedule !== 'unreachable',
    retrains: retrains.map(({ number, reason, state, outcome, datasetRoot, startedAt, finishedAt, slots }) => ({
      ...{ number, reason, state, outcome: outcome ?? null, datasetRoot: datasetRoot ?? null },
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      workflowUrl: workflowUrl(deps, retrainWorkflowId(bot.name, number)),
      slots: slots.map(slotOf),
    })),
    correctionToLiveMedianMs,
  }
}

/** Adds to each comparison what was asked about: what a person sent, or a base example of the bot's dataset. */
export async function withInputs<Each extends Compared>(
  db: Db,
  bot: string,
  ...lists: readonly (readonly Each[])[]
): Promise<readonly (readonly (Each & { readonly input: ShownInput | null })[])[]> {
  const refs = lists.flat().flatMap(({ prediction }): readonly PredictionRef[] => {
    const ref = parsePredictionId(prediction)
    return ref === undefined ? [] : [ref]
  })
  const examples = lists.flat().flatMap(({ prediction }) => baseExampleOf(prediction) ?? [])
  const [known, ofDataset] = [await inputsShown(db, refs), await exampleInputsShown(db, bot, examples)]
  const inputFor = (prediction: string): ShownInput | null => {
    const example = baseExampleOf(prediction)
    return (example === undefined ? known.get(prediction) : ofDataset.get(example)) ?? null
  }
  return lists.map((list) => list.map((each) => ({ ...each, input: inputFor(each.prediction) })))
}

/** What was asked about in one prediction, from those that were looked up. */
export const inputOf = (known: ReadonlyMap<string, ShownInput>, ref: PredictionRef): ShownInput | null =>
  known.get(predictionId(ref)) ?? null

/**
 * The labels that a question offers, in the bot's own order: each has the same place, and so the same key, in every question. The
 * order in which Slack shows them is another one each time. What the bot has no longer comes last.
 */
export function labelsInOrder(bot: Bot | undefined, offered: readonly string[]): readonly Label[] {
  const own = (bot?.labels ?? []).filter(({ id }) => offered.includes(id))
  const others = offered.filter((id) => !own.some((label) => label.id === id)).toSorted()
  return [...own.map(({ id, words }) => ({ id, words })), ...others.map((id) => ({ id, words: id }))]
}
