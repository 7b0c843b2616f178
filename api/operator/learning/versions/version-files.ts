import { z } from 'zod'
import type { Blobs } from '../../../../adapters/blobs/files.ts'
import type { Figures } from '../../../../domain/model/evaluation.ts'
import type { GateResult } from '../../../../domain/rollout/verdict.ts'
import type { Db } from '../../../../store/db.ts'
import { judgedVersion, type SlotJudgement } from '../../../../store/learning/retrains/retrain-slots.ts'
import { type ComparedScores, comparedScores } from '../../../../store/rollouts/evidence/compare-scores.ts'
import { evidenceFacts } from '../../../../store/rollouts/evidence/evidence-facts.ts'
import type { ModelVersion } from '../../../../store/versions/versions.ts'
import { figures } from '../../../contract/judgement.ts'

/** What a version is compared by. */
interface ComparisonFacts {
  readonly labels: readonly string[]
  readonly holdout: { readonly champion: Figures; readonly challenger: Figures } | undefined
  /** Held-out rows that only one of the two gets right. */
  readonly judged: Pick<SlotJudgement, 'fixed' | 'broke' | 'fixedCount' | 'brokeCount'> | undefined
  readonly scores: ComparedScores
}

type ReadBlobs = Pick<Blobs, 'get'>

/** So many pictures of each kind are shown side by side. */
const mostExamples = 20

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

/** The card of a version, its figures and its gates. */
export async function versionFiles(
  { db, blobs }: { readonly db: Db; readonly blobs: ReadBlobs },
  { bot, version, files }: ModelVersion,
): Promise<{ readonly card: string; readonly evaluation: unknown; readonly gates: readonly GateResult[] }> {
  return {
    card: (await textOf(blobs, files['card.md'])) ?? '',
    evaluation: await parsed(blobs, files['evaluation.json']),
    gates: (await evidenceFacts(db, { bot, version })).gates,
  }
}

/** Two versions side by side. */
export async function comparisonOf(
  { db, blobs }: { readonly db: Db; readonly blobs: ReadBlobs },
  version: ModelVersion,
  other: ModelVersion,
): Promise<ComparisonFacts> {
  const facts = await heldOutFacts(db, blobs, { version, other })
  const pair = { bot: version.bot, version: version.version, other: other.version }
  return { ...facts, scores: await comparedScores(db, pair, mostExamples) }
}
