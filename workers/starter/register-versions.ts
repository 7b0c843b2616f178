import type { Blobs } from '../../adapters/blobs/files.ts'
import { type Bot, slotsOf } from '../../domain/bot.ts'
import type { ServingSet } from '../../domain/serving-set.ts'
import { filesNamed, type VersionFiles } from '../../models/files.ts'
import type { VersionFacts } from '../../models/version-facts.ts'
import { appendAudit } from '../../store/audit.ts'
import { saveDataset } from '../../store/versions/datasets.ts'
import type { Db, Trx } from '../../store/db.ts'
import { type ExampleInput, saveExampleInputs } from '../../store/learning/datasets/example-inputs.ts'
import { replaceServingSet } from '../../store/versions/serving-sets.ts'
import { registerVersion, versionsOf } from '../../store/versions/versions.ts'
import type { HeldInput } from './held-inputs.ts'

const actor = 'system:starter'

/** One slot's first version. */
export interface FirstVersion {
  readonly slot: string
  readonly files: VersionFiles
  /** Those of its files that are the dataset. */
  readonly datasetFiles: readonly string[]
  readonly facts: VersionFacts
}

/** Blobs by file name. */
type Kept = Readonly<Record<string, string>>

async function keep(blobs: Blobs, files: VersionFiles): Promise<Kept> {
  const kept: [string, string][] = []
  for (const [name, bytes] of Object.entries(files)) kept.push([name, await blobs.put(bytes)])
  return Object.fromEntries(kept)
}

async function keepInputs(blobs: Blobs, held: readonly HeldInput[]): Promise<readonly ExampleInput[]> {
  const kept: ExampleInput[] = []
  for (const { example, kind, bytes } of held)
    kept.push(
      kind === 'text'
        ? { example, text: new TextDecoder().decode(bytes) }
        : { example, pictureSha256: await blobs.put(bytes) },
    )
  return kept
}

/** Every slot's version is live; the first one is the primary and the baseline. */
const firstSet = (bot: Bot): ServingSet => {
  const slots = slotsOf(bot)
  return {
    policy: bot.policy,
    members: slots.map(({ name }, index) => ({
      slot: name,
      version: index + 1,
      stage: 'live',
      weight: 1 / slots.length,
      baseline: index === 0,
    })),
  }
}

type Registered = FirstVersion & { readonly version: number; readonly kept: Kept }

const keptNamed = (kept: Kept, names: readonly string[]): Kept =>
  Object.fromEntries(Object.entries(kept).filter(([name]) => names.includes(name)))

const saveDatasetOf = (trx: Trx, bot: Bot, { facts, kept, datasetFiles }: Registered): Promise<void> =>
  saveDataset(trx, {
    root: facts.datasetRoot,
    bot: bot.name,
    family: bot.family,
    files: keptNamed(kept, datasetFiles),
    size: facts.size,
    labelCounts: facts.labelCounts,
  })

async function registerOne(trx: Trx, bot: Bot, { facts, kept, slot, version }: Registered): Promise<void> {
  const weightsSha256 = kept['weights.bin'] ?? ''
  await registerVersion(trx, {
    bot: bot.name,
    version,
    slot,
    family: bot.family,
    parent: undefined,
    datasetRoot: facts.datasetRoot,
    weightsSha256,
    files: kept,
    labels: facts.labels,
    preprocessingVersion: facts.preprocessingVersion,
  })
  const details = { version, slot, datasetRoot: facts.datasetRoot, weightsSha256 }
  await appendAudit(trx, { actor, action: 'version.registered', subject: bot.name, details })
}

const widthOf = ({ files, datasetFiles }: FirstVersion): number =>
  Object.values(filesNamed(files, datasetFiles)).reduce((sum, { length }) => sum + length, 0)

/** What a bot begins with. */
export interface Starter {
  readonly versions: readonly FirstVersion[]
  /** What the held-out examples of their dataset look like. */
  readonly held: readonly HeldInput[]
}

/**
 * Registers the first versions of a bot, numbered by their slots, as what serves. Dataset, versions, serving set and audit are
 * one transaction: a kill leaves all of it or nothing. A bot that has versions stays as it is.
 */
export async function registerFirstVersions(
  { db, blobs }: { readonly db: Db; readonly blobs: Blobs },
  bot: Bot,
  { versions, held }: Starter,
): Promise<void> {
  const registered: Registered[] = []
  for (const [index, version] of versions.entries())
    registered.push({ ...version, version: index + 1, kept: await keep(blobs, version.files) })
  const inputs = await keepInputs(blobs, held)
  await db.transaction().execute(async (trx) => {
    if ((await versionsOf(trx, bot.name)).length > 0) return
    // Slots share a dataset; its record names the widest one, of which the others are columns.
    for (const version of registered.toSorted((one, other) => widthOf(other) - widthOf(one)))
      await saveDatasetOf(trx, bot, version)
    await saveExampleInputs(trx, bot.name, inputs)
    for (const version of registered) await registerOne(trx, bot, version)
    await replaceServingSet(trx, { bot: bot.name, set: firstSet(bot), actor })
  })
}
