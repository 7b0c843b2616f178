import type { Bot } from '../../domain/bot.ts'
import type { VersionFiles } from '../../models/files.ts'
import { type Additions, additionsTo } from '../../store/learning/datasets/frozen-datasets.ts'
import { registerTrained, type TrainedVersion } from '../../store/learning/retrains/register-trained.ts'
import { type RetrainSlot, retrainSlots } from '../../store/learning/retrains/retrain-slots.ts'
import { type Retrain, retrainOf } from '../../store/learning/retrains/retrains.ts'
import type { LearningActivities, RetrainRef } from '../learning-contract.ts'
import { beatWhile } from './beat.ts'
import type { LearningDeps } from './deps.ts'
import { inOurWords } from './failures.ts'
import { keepFiles, readFiles } from './kept-files.ts'

const hasPassed = ({ gates, versionFiles }: RetrainSlot): boolean =>
  versionFiles !== undefined && gates?.every(({ verdict }) => verdict !== 'fail') === true

/** What the card says beside what training wrote: where it comes from, and what the gates said. */
function cardSection(slot: RetrainSlot, { number, reason }: Retrain, added: Additions): string {
  const gates = slot.gates?.map(({ gate, verdict, why }) => `- ${gate}: ${verdict}, ${why}`) ?? []
  const people = added.people === 1 ? '1 person agrees' : `${added.people} people agree`
  const counts = `${added.corrections} new corrections that ${people} with`
  return [
    ...['', '## Where it comes from', ''],
    `Retrain ${number} (${reason}) from version ${slot.parent ?? 'none'}: ${counts}.`,
    ...['', '## Gates', '', ...gates, ''],
  ].join('\n')
}

function withCard(files: VersionFiles, section: string): VersionFiles {
  const card = new TextDecoder().decode(files['card.md'])
  return { ...files, 'card.md': new TextEncoder().encode(`${card.trimEnd()}\n${section}`) }
}

interface Trained {
  readonly slot: RetrainSlot
  readonly files: VersionFiles
}

/** The files of the slots that passed. How versions do side by side is said only when all of them are new. */
async function filesOf(deps: LearningDeps, bot: Bot, slots: readonly RetrainSlot[]): Promise<readonly Trained[]> {
  const passed: Trained[] = []
  for (const slot of slots.filter(hasPassed))
    passed.push({ slot, files: await readFiles(deps.blobs, slot.versionFiles ?? {}) })
  if (passed.length < slots.length || passed.length < 2) return passed
  const { together } = deps.models.familyOf(bot.family)
  const all = together?.(new Map(passed.map(({ slot, files }) => [slot.slot, files])))
  return passed.map(({ slot, files }) => ({ slot, files: all?.get(slot.slot) ?? files }))
}

/** Everything that is known of a version when it is registered. */
async function versionOf(
  deps: LearningDeps,
  trained: Trained,
  from: { readonly bot: Bot; readonly retrain: Retrain; readonly added: Additions },
): Promise<TrainedVersion> {
  const { bot, retrain, added } = from
  const files = withCard(trained.files, cardSection(trained.slot, retrain, added))
  const { seed, trainerVersion, machine, libraries } = deps.models.readMetadata(files)
  const { datasetRoot, labels, preprocessingVersion } = deps.models.factsOf(files)
  const kept = await keepFiles(deps.blobs, files)
  const { slot, parent } = trained.slot
  return {
    ...{ bot: bot.name, slot, family: bot.family, parent, datasetRoot, labels, preprocessingVersion },
    weightsSha256: kept['weights.bin'] ?? '',
    files: kept,
    lineage: {
      ...{
        retrain: retrain.number,
        reason: retrain.reason,
        author: retrain.by ?? null,
        seed,
        trainerVersion,
        machine,
        libraries,
      },
      parent: parent ?? null,
      newCorrections: added.corrections,
      codeFingerprint: deps.codeFingerprint,
    },
  }
}

async function register(deps: LearningDeps, ref: RetrainRef): Promise<readonly number[]> {
  const bot = deps.botOf(ref.bot)
  const retrain = await retrainOf(deps.db, ref)
  if (retrain?.datasetRoot === undefined) throw new Error('the retrain has no dataset')
  const slots = await retrainSlots(deps.db, ref)
  const added = await additionsTo(deps.db, retrain.datasetRoot)
  const versions: TrainedVersion[] = []
  for (const trained of await filesOf(deps, bot, slots))
    versions.push(await versionOf(deps, trained, { bot, retrain, added }))
  deps.at('learning.card-kept')
  const numbers = await registerTrained(deps.db, ref, versions)
  deps.at('learning.registered')
  return numbers
}

/** `registerVersions`: the slots that passed their gates become versions; they serve nobody until their rollout says so. */
export const createRegisterVersions = (deps: LearningDeps): LearningActivities['registerVersions'] =>
  inOurWords((retrain) => beatWhile(register(deps, retrain)))
