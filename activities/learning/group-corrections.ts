import { createHash } from 'node:crypto'
import { log } from '@temporalio/activity'
import type { Bot } from '../../domain/bot.ts'
import { partOf } from '../../domain/learning/examples.ts'
import type { CorrectionExample } from '../../models/datasets/merge-corrections.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { Grouped } from '../../models/datasets/near-duplicates.ts'
import type { AcceptedCorrection } from '../../store/learning/datasets/accepted-corrections.ts'
import { type ExampleGroup, exampleGroupsOf, fixExampleGroup } from '../../store/learning/datasets/example-groups.ts'
import { bytesIfThere } from '../stored-bytes.ts'
import type { LearningDeps } from './deps.ts'

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

const partOfGroup = (bot: string, group: string) => {
  const part = partOf(sha256Of(`${bot}:${group}`), 'correction')
  return part === 'train' ? part : 'correction-holdout'
}

/** Groups that are decided: those of the base examples first, then those of earlier corrections. */
async function knownGroups(deps: LearningDeps, bot: Bot, baseFiles: VersionFiles): Promise<readonly Grouped[]> {
  const base = deps.models
    .readExamples(baseFiles)
    .examples.filter(({ corrections, base }) => corrections === undefined || base !== undefined)
    .map(({ inputSha256, fingerprint, group }) => ({ inputSha256, fingerprint, group: group ?? inputSha256 }))
  const decided = await exampleGroupsOf(deps.db, bot.name)
  return [
    ...base,
    ...decided.map(({ inputSha256, fingerprint, groupKey }) => ({ inputSha256, fingerprint, group: groupKey })),
  ]
}

async function fix(deps: LearningDeps, bot: Bot, { inputSha256, fingerprint, group }: Grouped): Promise<ExampleGroup> {
  const heldOut = partOfGroup(bot.name, group) === 'correction-holdout'
  return fixExampleGroup(deps.db, bot.name, { inputSha256, fingerprint, groupKey: group, heldOut })
}

interface Readable {
  readonly correction: AcceptedCorrection
  readonly input: Uint8Array
}

/** What cannot be read is left out of this batch, and learned when a backup has brought it back. */
async function readInputs(
  { blobs }: LearningDeps,
  corrections: readonly AcceptedCorrection[],
): Promise<readonly Readable[]> {
  const read = await Promise.all(
    corrections.map(async (correction) => ({ correction, input: await bytesIfThere(blobs, correction.inputSha256) })),
  )
  const readable = read.flatMap(({ correction, input }) => (input === undefined ? [] : [{ correction, input }]))
  const lost = corrections.length - readable.length
  if (lost > 0) log.warn('corrections are left out, because their inputs are missing or damaged', { lost })
  return readable
}

/**
 * Makes examples of corrections. Which side of the split one is on is decided by its group of near-duplicates alone, once, and
 * kept (decision 0009).
 */
export async function groupCorrections(
  deps: LearningDeps,
  bot: Bot,
  batch: { readonly corrections: readonly AcceptedCorrection[]; readonly baseFiles: VersionFiles },
): Promise<readonly CorrectionExample[]> {
  const known = await knownGroups(deps, bot, batch.baseFiles)
  const { fingerprintOf } = deps.models.familyOf(bot.family)
  const readable = await readInputs(deps, batch.corrections)
  const fresh = readable.map(({ correction: { inputSha256 }, input }) => ({
    inputSha256,
    fingerprint: fingerprintOf?.(input),
  }))
  const grouped = deps.models.groupsOf(known, fresh)
  const examples: CorrectionExample[] = []
  for (const [index, { correction, input }] of readable.entries()) {
    const one = grouped[index]
    if (one === undefined) continue
    const { heldOut, groupKey, fingerprint } = await fix(deps, bot, one)
    examples.push({
      id: `correction:${correction.id}`,
      label: correction.label,
      ...deps.models.correctionNumbers,
      input,
      part: heldOut ? 'correction-holdout' : 'train',
      corrections: [correction.id],
      fingerprint,
      group: groupKey,
    })
  }
  return examples
}
