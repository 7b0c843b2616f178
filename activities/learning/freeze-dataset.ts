import { ApplicationFailure } from '@temporalio/common'
import { type Bot, slotsOf } from '../../domain/bot.ts'
import type { Extended } from '../../models/datasets/extended.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { AcceptedCorrection } from '../../store/learning/datasets/accepted-corrections.ts'
import {
  type DatasetCorrection,
  frozenOf,
  type FrozenSlot,
  recordFrozen,
} from '../../store/learning/datasets/frozen-datasets.ts'
import { leaveOut, type LeftOut } from '../../store/learning/datasets/set-aside.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { type ModelVersion, versionsOf } from '../../store/versions/versions.ts'
import type { Frozen, LearningActivities, RetrainRef } from '../learning-contract.ts'
import { beatWhile } from './beat.ts'
import { chooseCorrections } from './choose-corrections.ts'
import type { LearningDeps } from './deps.ts'
import { inOurWords } from './failures.ts'
import { groupCorrections } from './group-corrections.ts'
import { keepFiles, readFiles } from './kept-files.ts'

const invalid = (detail: string) =>
  ApplicationFailure.create({
    type: 'InvalidDataset',
    message: `the dataset cannot be used: ${detail}`,
    nonRetryable: true,
  })

const nothingNew = () => invalid('there is nothing new to learn from')

/** The live version of each slot: what its next version starts from, and is compared with. */
async function parentsOf(deps: LearningDeps, bot: Bot): Promise<readonly ModelVersion[]> {
  const set = await servingSetOf(deps.db, bot.name)
  const versions = await versionsOf(deps.db, bot.name)
  return slotsOf(bot).flatMap(({ name }) => {
    const live = set?.members.filter(({ slot, stage }) => slot === name && stage === 'live') ?? []
    // Where versions join each other, the newest one has learned from the most.
    const number = Math.max(...live.map(({ version }) => version))
    return versions.filter(({ version }) => version === number)
  })
}

/** Labels that nobody has an example of would be classes without a member. */
const labelsFor = (parent: ModelVersion, bot: Bot, corrections: readonly AcceptedCorrection[]): readonly string[] => {
  const said = new Set(corrections.map(({ label }) => label))
  const added = bot.labels.map(({ id }) => id).filter((id) => said.has(id) && !parent.labels.includes(id))
  return [...parent.labels, ...added]
}

interface Made {
  readonly slot: FrozenSlot
  readonly extended: Extended
}

async function freezeSlot(
  deps: LearningDeps,
  bot: Bot,
  from: { readonly parent: ModelVersion; readonly corrections: readonly AcceptedCorrection[] },
): Promise<Made> {
  const { parent, corrections } = from
  const parentFiles: VersionFiles = await readFiles(deps.blobs, parent.files)
  const task = {
    labels: labelsFor(parent, bot, corrections),
    corrections: await groupCorrections(deps, bot, { corrections, baseFiles: parentFiles }),
  }
  const extended = await deps.models.extend(bot.family, parentFiles, task)
  const datasetFiles = await keepFiles(deps.blobs, extended.files)
  return { slot: { slot: parent.slot, parent: parent.version, datasetFiles }, extended }
}

/** The prediction of a correction as a dataset names it. */
const predictionOf = (id: string): string => id.replace(/^correction:/, '')

function leftOutOf({ leftOut }: Extended, corrections: readonly AcceptedCorrection[]): readonly LeftOut[] {
  const reasons = new Map(leftOut.map(({ id, reason }) => [predictionOf(id), reason]))
  return corrections.flatMap(({ id, messageId, position }) => {
    const reason = reasons.get(id)
    return reason === undefined ? [] : [{ messageId, position, reason }]
  })
}

function correctionsOf({ used }: Extended, corrections: readonly AcceptedCorrection[]): readonly DatasetCorrection[] {
  const parts = new Map(used.map(({ id, part }) => [predictionOf(id), part]))
  return corrections.flatMap(({ id, messageId, position, label }) => {
    const part = parts.get(id)
    return part === undefined ? [] : [{ messageId, position, label, part }]
  })
}

async function freeze(deps: LearningDeps, retrain: RetrainRef): Promise<Frozen> {
  const bot = deps.botOf(retrain.bot)
  const parents = await parentsOf(deps, bot)
  const [first] = parents
  if (first === undefined) throw invalid('no version is live yet')
  const corrections = await chooseCorrections(deps, bot, { retrain, parents })
  if (corrections === undefined) throw nothingNew()
  const made: Made[] = []
  for (const parent of parents) made.push(await freezeSlot(deps, bot, { parent, corrections }))
  const [one] = made
  if (one === undefined) throw invalid('it has no slots')
  await leaveOut(deps.db, bot.name, leftOutOf(one.extended, corrections))
  if (made.every(({ extended }, index) => extended.root === parents[index]?.datasetRoot)) throw nothingNew()
  deps.at('learning.dataset-kept')
  const { root, size, labelCounts } = one.extended
  await recordFrozen(deps.db, {
    retrain,
    dataset: {
      ...{ root, bot: bot.name, family: bot.family, size, labelCounts, parent: first.datasetRoot },
      files: one.slot.datasetFiles,
    },
    corrections: correctionsOf(one.extended, corrections),
    slots: made.map(({ slot }) => slot),
  })
  deps.at('learning.frozen')
  const frozen = await frozenOf(deps.db, retrain)
  if (frozen === undefined) throw new Error('a dataset that was frozen is not there')
  return frozen
}

/** `freezeDataset`: what was frozen first stands, so that repeating it gives the same root. */
export const createFreezeDataset = (deps: LearningDeps): LearningActivities['freezeDataset'] =>
  inOurWords(async (retrain) => {
    const kept = await frozenOf(deps.db, retrain)
    return kept ?? (await beatWhile(freeze(deps, retrain)))
  })
