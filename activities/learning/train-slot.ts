import { createHash } from 'node:crypto'
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity'
import type { VersionFiles } from '../../models/files.ts'
import type { TrainingStep } from '../../models/training/checkpoint-file.ts'
import {
  recordProgress,
  recordTrained,
  retrainSlot,
  type RetrainSlot,
} from '../../store/learning/retrains/retrain-slots.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import type { SlotRef, Trained, TrainingActivities } from '../learning-contract.ts'
import type { LearningDeps, LearningModels } from './deps.ts'
import { inOurWords } from './failures.ts'
import { keepFiles, readFiles } from './kept-files.ts'

/** One training, with everything that its process needs. */
export interface TrainingTask {
  /** The name of its folder, which all its attempts share. */
  readonly name: string
  readonly family: string
  readonly bot: string
  readonly notes: string
  readonly seed: number
  readonly dataset: VersionFiles
  /** The later one wins. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** Told after its checkpoint is on disk. */
  readonly onStep: (step: TrainingStep) => void
}

/** Trains in a process of its own, in a folder of its own. */
export interface Trainer {
  readonly train: (task: TrainingTask) => Promise<VersionFiles>
  /** Removes what a training that is over has left. */
  readonly forget: (name: string) => Promise<void>
}

export interface TrainingDeps extends Pick<LearningDeps, 'db' | 'blobs' | 'botOf' | 'at' | 'clock'> {
  readonly models: Pick<LearningModels, 'readMetadata'>
  readonly trainer: Trainer
}

/** Between the steps that the trainer tells of, so that a slow one is not taken for dead. */
const beatEveryMs = 5_000
/** Newer than this, a page's progress is new enough. */
const tellEveryMs = 1_000

/** The folder that all attempts of one training share. */
const trainingName = ({ bot, number, slot }: SlotRef): string => `${bot}-${number}-${slot}`

/** Never 0, which TensorFlow takes for random; the same for every attempt. */
const seedOf = (slot: SlotRef): number =>
  1 + (Number.parseInt(createHash('sha256').update(trainingName(slot)).digest('hex').slice(0, 8), 16) % 0x7fff_fffe)

/** What heartbeats carry: a pointer to a checkpoint that is on disk, by its name alone. */
interface Beat {
  readonly step: number
  readonly of: number
  readonly checkpoint: string
}

const beatOf = ({ step, of, checkpoint }: TrainingStep): Beat => ({
  step,
  of,
  checkpoint: checkpoint.split(/[/\\]/).at(-1) ?? '',
})

/** Heartbeats the latest checkpoint, at every new one and in between, and keeps the page informed. */
function openPulse(deps: TrainingDeps, slot: SlotRef) {
  let latest: Beat | undefined
  let toldAt = 0
  heartbeat()
  const beating = setInterval(() => heartbeat(latest), beatEveryMs)
  return {
    step: (step: TrainingStep) => {
      latest = beatOf(step)
      heartbeat(latest)
      deps.at('learning.checkpoint')
      if (deps.clock() - toldAt < tellEveryMs) return
      toldAt = deps.clock()
      const { step: done, of, loss } = step
      // A page that is a second behind is no reason to stop a training.
      void recordProgress(deps.db, slot, { step: done, of, loss }).catch(() => undefined)
    },
    stop: () => clearInterval(beating),
  }
}

async function notesOf(deps: TrainingDeps, { bot, parent }: RetrainSlot): Promise<string> {
  const version = (await versionsOf(deps.db, bot)).find((each) => each.version === parent)
  return version === undefined ? '' : deps.models.readMetadata(await readFiles(deps.blobs, version.files)).notes
}

async function train(deps: TrainingDeps, ref: SlotRef, slot: RetrainSlot) {
  const pulse = openPulse(deps, ref)
  try {
    return await deps.trainer.train({
      name: trainingName(ref),
      family: deps.botOf(ref.bot).family,
      bot: ref.bot,
      notes: await notesOf(deps, slot),
      seed: seedOf(ref),
      dataset: await readFiles(deps.blobs, slot.datasetFiles),
      attempt: activityInfo().attempt,
      signal: cancellationSignal(),
      onStep: pulse.step,
    })
  } finally {
    pulse.stop()
  }
}

const trainedOf = (files: Readonly<Record<string, string>>): Trained => ({ weightsSha256: files['weights.bin'] ?? '' })

/** `trainSlot`: what was trained first stands; the next attempt goes on from the last checkpoint. */
export const createTrainSlot = (deps: TrainingDeps): TrainingActivities['trainSlot'] =>
  inOurWords(async (ref) => {
    const slot = await retrainSlot(deps.db, ref)
    if (slot.versionFiles !== undefined) return trainedOf(slot.versionFiles)
    const files = await train(deps, ref, slot)
    const kept = await keepFiles(deps.blobs, files)
    deps.at('learning.weights-kept')
    await recordTrained(deps.db, ref, kept)
    deps.at('learning.trained')
    await deps.trainer.forget(trainingName(ref))
    return trainedOf((await retrainSlot(deps.db, ref)).versionFiles ?? kept)
  })
