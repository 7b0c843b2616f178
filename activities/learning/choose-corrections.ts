import type { Bot } from '../../domain/bot.ts'
import { changesSince } from '../../domain/learning/changes.ts'
import { contradictionsIn } from '../../domain/learning/contradictions.ts'
import { fairBatch } from '../../domain/learning/triggers.ts'
import {
  type AcceptedCorrection,
  acceptedCorrections,
  correctionsIn,
} from '../../store/learning/datasets/accepted-corrections.ts'
import { leaveToReviewers } from '../../store/learning/datasets/set-aside.ts'
import { retrainOf } from '../../store/learning/retrains/retrains.ts'
import type { ModelVersion } from '../../store/versions/versions.ts'
import type { RetrainRef } from '../learning-contract.ts'
import type { LearningDeps } from './deps.ts'

/** What can go into a dataset. One input with two labels cannot: its corrections become conflicted, for reviewers to settle. */
async function usableCorrections(deps: LearningDeps, bot: Bot, parents: readonly ModelVersion[]) {
  const labels = new Set([...parents.flatMap((parent) => parent.labels), ...bot.labels.map(({ id }) => id)])
  const accepted = await acceptedCorrections(deps.db, bot.name)
  const contradictions = new Set(contradictionsIn(accepted))
  await leaveToReviewers(deps.db, [...contradictions])
  return accepted.filter((correction) => labels.has(correction.label) && !contradictions.has(correction))
}

/**
 * Corrections that go into the dataset: those of its parents that still stand, and a fair batch of new ones.
 * @returns `undefined` when that changes nothing.
 */
export async function chooseCorrections(
  deps: LearningDeps,
  bot: Bot,
  from: { readonly retrain: RetrainRef; readonly parents: readonly ModelVersion[] },
): Promise<readonly AcceptedCorrection[] | undefined> {
  const roots = from.parents.map(({ datasetRoot }) => datasetRoot)
  const held = await Promise.all(roots.map((root) => correctionsIn(deps.db, root)))
  const usable = await usableCorrections(deps, bot, from.parents)
  const { fresh, gone } = changesSince(usable, held)
  const row = await retrainOf(deps.db, from.retrain)
  // A demonstration shows what one correction does; what goes live is a person's decision as ever.
  const batch = new Set((row?.reason === 'demo' ? fresh : fairBatch(fresh, bot.learning)).map(({ id }) => id))
  if (batch.size === 0 && gone.length === 0) return undefined
  return usable.filter(({ id, label }) => batch.has(id) || held.some((each) => each.get(id) === label))
}
