import { createHash } from 'node:crypto'
import type { Bot } from '../../domain/bot.ts'
import { partOf } from '../../domain/learning/examples.ts'
import type { CorrectionExample } from '../../models/merge-corrections.ts'
import type { VersionFiles } from '../../models/family.ts'
import type { Grouped } from '../../models/pictures/near-duplicates.ts'
import type { AcceptedCorrection } from '../../store/learning/accepted-corrections.ts'
import type { ExampleGroup } from '../../store/learning/example-groups.ts'
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
  const decided = await deps.groups.exampleGroupsOf(deps.db, bot.name)
  return [
    ...base,
    ...decided.map(({ inputSha256, fingerprint, groupKey }) => ({ inputSha256, fingerprint, group: groupKey })),
  ]
}

async function fix(deps: LearningDeps, bot: Bot, { inputSha256, fingerprint, group }: Grouped): Promise<ExampleGroup> {
  const heldOut = partOfGroup(bot.name, group) === 'correction-holdout'
  return deps.groups.fixExampleGroup(deps.db, bot.name, { inputSha256, fingerprint, groupKey: group, heldOut })
}

/**
 * Makes examples of corrections. Which side of the split one is on is decided by its group of near-duplicates alone, once, and
 * kept (learning-and-rollouts.md §9.4).
 */
export async function groupCorrections(
  deps: LearningDeps,
  bot: Bot,
  batch: { readonly corrections: readonly AcceptedCorrection[]; readonly baseFiles: VersionFiles },
): Promise<readonly CorrectionExample[]> {
  const known = await knownGroups(deps, bot, batch.baseFiles)
  const isPicture = bot.family === 'picture-classifier'
  const inputs = await Promise.all(batch.corrections.map(({ inputSha256 }) => deps.blobs.get(inputSha256)))
  const fresh = batch.corrections.map(({ inputSha256 }, index) => ({
    inputSha256,
    fingerprint: isPicture ? deps.models.differenceHash(inputs[index] ?? new Uint8Array()) : undefined,
  }))
  const grouped = deps.models.groupsOf(known, fresh)
  const examples: CorrectionExample[] = []
  for (const [index, correction] of batch.corrections.entries()) {
    const one = grouped[index]
    const input = inputs[index]
    if (one === undefined || input === undefined) continue
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
