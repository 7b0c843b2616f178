import { z } from 'zod'
import type { Blobs } from '../../../adapters/blobs/files.ts'
import { exampleParts } from '../../../domain/learning/examples.ts'
import type { Db } from '../../../store/db.ts'
import { datasetsOf, type ListedDataset } from '../../../store/versions/datasets.ts'
import { botOfDataset, versionsByDataset } from '../../../store/learning/datasets/dataset-versions.ts'
import { judgedVersion } from '../../../store/learning/retrains/judged-version.ts'
import { comparedScores } from '../../../store/rollouts/evidence/compare-scores.ts'
import { evidenceFacts } from '../../../store/rollouts/evidence/evidence-facts.ts'
import { replaysOf } from '../../../store/rollouts/replays/replay-reports.ts'
import { versionFacts } from '../../../store/rollouts/evidence/version-facts.ts'
import { servingSetOf } from '../../../store/versions/serving-sets.ts'
import { type ModelVersion, versionsOf } from '../../../store/versions/versions.ts'
import { figures } from '../../contract/judgement.ts'
import type { ComparisonFacts, DatasetExample, LearningDeps } from '../../operator/learning/deps.ts'

type ReadBlobs = Pick<Blobs, 'get'>

/** So many pictures of each kind are shown side by side. */
const mostExamples = 20

const examplesFile = z.looseObject({
  examples: z.array(
    z.looseObject({
      id: z.string(),
      label: z.string(),
      vendor: z.string(),
      weight: z.number(),
      inputSha256: z.string(),
      part: z.enum(exampleParts).default('train'),
      corrections: z.array(z.string()).default([]),
    }),
  ),
})
const heldOut = z.looseObject({ labels: z.array(z.string()), holdout: figures.nullable().default(null) })

/** The text of a file; `undefined` when it is not there: the rest of the page is told all the same. */
const textOf = async (blobs: ReadBlobs, sha256: string | undefined): Promise<string | undefined> =>
  sha256 === undefined
    ? undefined
    : blobs.get(sha256).then(
        (bytes) => new TextDecoder().decode(bytes),
        () => undefined,
      )

async function parsed(blobs: ReadBlobs, sha256: string | undefined): Promise<unknown> {
  const text = await textOf(blobs, sha256)
  return text === undefined ? null : JSON.parse(text)
}

/** What the routes of datasets need. Datasets are immutable, so what was read once is kept; what could not be read is not. */
export function datasetDeps(db: Db, blobs: ReadBlobs): LearningDeps['datasets'] {
  const known = new Map<string, Promise<readonly DatasetExample[]>>()
  const read = async ({ examplesSha256 }: ListedDataset) =>
    examplesFile.parse(JSON.parse(new TextDecoder().decode(await blobs.get(examplesSha256)))).examples
  return {
    list: (bot) => datasetsOf(db, bot),
    botOf: (root) => botOfDataset(db, root),
    versions: (bot) => versionsByDataset(db, bot),
    examples: (dataset) => {
      const reading = known.get(dataset.root) ?? read(dataset)
      known.set(dataset.root, reading)
      reading.catch(() => known.delete(dataset.root))
      return reading
    },
  }
}

async function heldOutOf(blobs: ReadBlobs, { files }: ModelVersion) {
  const found = heldOut.safeParse(await parsed(blobs, files['evaluation.json']))
  return found.success ? found.data : undefined
}

interface Pair {
  readonly version: ModelVersion
  readonly other: ModelVersion
}

/** Both holdouts, when they are of the same rows as far as their labels and counts tell. */
async function sharedHoldout(blobs: ReadBlobs, { version, other }: Pair): Promise<ComparisonFacts['holdout']> {
  const [own, theirs] = [await heldOutOf(blobs, version), await heldOutOf(blobs, other)]
  const [challenger, champion] = [own?.holdout ?? undefined, theirs?.holdout ?? undefined]
  if (challenger === undefined || champion === undefined) return undefined
  const isSame =
    own?.labels.join('\n') === theirs?.labels.join('\n') && challenger.support.join() === champion.support.join()
  return isSame ? { champion, challenger } : undefined
}

/** Figures on the same held-out rows: those that the gates saw, when they compared these two. */
async function heldOutFacts(
  db: Db,
  blobs: ReadBlobs,
  pair: Pair,
): Promise<Pick<ComparisonFacts, 'labels' | 'holdout' | 'judged'>> {
  const { version, other } = pair
  const judged = await judgedVersion(db, version.bot, version.version)
  if (judged?.champion !== other.version)
    return { labels: version.labels, judged: undefined, holdout: await sharedHoldout(blobs, pair) }
  const { labels, holdout } = judged
  return { labels, judged, holdout: holdout && { champion: holdout.champion, challenger: holdout.challenger } }
}

/** What the routes of versions need. */
export const versionDeps = (db: Db, blobs: ReadBlobs): LearningDeps['versions'] => ({
  list: (bot) => versionsOf(db, bot),
  facts: (bot) => versionFacts(db, bot),
  servingSet: (bot) => servingSetOf(db, bot),
  files: async ({ bot, version, files }) => {
    return {
      card: (await textOf(blobs, files['card.md'])) ?? '',
      evaluation: await parsed(blobs, files['evaluation.json']),
      gates: (await evidenceFacts(db, { bot, version })).gates,
    }
  },
  replays: (key) => replaysOf(db, key),
  compare: async (version, other) => {
    const facts = await heldOutFacts(db, blobs, { version, other })
    const pair = { bot: version.bot, version: version.version, other: other.version }
    return { ...facts, scores: await comparedScores(db, pair, mostExamples) }
  },
})
