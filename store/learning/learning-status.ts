import { sql } from 'kysely'
import { changesSince } from '../../domain/learning/changes.ts'
import type { LearningNumbers } from '../../domain/learning/numbers.ts'
import type { LearningStatus, RetrainReason } from '../../domain/learning/status.ts'
import { fairBatch } from '../../domain/learning/triggers.ts'
import type { Db } from '../db.ts'
import {
  type AcceptedCorrection,
  acceptedCorrections,
  correctionsIn,
  learnedCorrections,
  liveDatasets,
} from './datasets/accepted-corrections.ts'

/** The status with the reason of the retrain that runs now. */
export type RecordedStatus = LearningStatus & { readonly runningReason?: RetrainReason }

interface Latest {
  readonly running?: { readonly number: number; readonly reason: RetrainReason }
  readonly number: number
  readonly finishedAt?: Date
}

async function latestRetrains(db: Db, bot: string): Promise<Latest> {
  const rows = await db
    .selectFrom('retrains')
    .select(['number', 'reason', 'state', 'finished_at'])
    .where('bot', '=', bot)
    .orderBy('number', 'desc')
    .execute()
  const running = rows.find(({ state }) => state === 'running')
  const finishedAt = rows.find(({ finished_at: at }) => at !== null)?.finished_at
  return {
    number: rows[0]?.number ?? 0,
    ...(running && { running: { number: running.number, reason: running.reason } }),
    ...(finishedAt && { finishedAt }),
  }
}

function largestShareOf(fresh: readonly AcceptedCorrection[]): number {
  const counts = new Map<string, number>()
  for (const { person, reviewer } of fresh) if (!reviewer) counts.set(person, (counts.get(person) ?? 0) + 1)
  return fresh.length === 0 ? 0 : Math.max(0, ...counts.values()) / fresh.length
}

/** What a person's wish would change, now that versions were rejected, corrections revoked, and others settled otherwise. */
async function changesOf(
  db: Db,
  bot: string,
  options: Pick<LearningNumbers, 'largestShare'> & { readonly accepted: readonly AcceptedCorrection[] },
): Promise<Pick<LearningStatus, 'changes' | 'usableChanges'>> {
  const roots = await liveDatasets(db, bot)
  const held = await Promise.all(roots.map((root) => correctionsIn(db, root)))
  const { fresh, gone } = changesSince(options.accepted, held)
  const count = (some: readonly AcceptedCorrection[]) => new Set([...some.map(({ id }) => id), ...gone]).size
  return { changes: count(fresh), usableChanges: count(fairBatch(fresh, options)) }
}

/** The version whose rollout has not ended, the newest when every slot has one. */
async function versionOnItsWay(db: Db, bot: string): Promise<number | undefined> {
  const { rows } = await sql<{ version: number }>`
    select version from rollouts where bot = ${bot} and ended_as is null order by version desc limit 1`.execute(db)
  return rows[0]?.version
}

/**
 * What speaks for a retrain of a bot now, as the records tell; when the Schedule asks next is Temporal's to know. The cool-down
 * follows every retrain that has ended, a failed one too: what failed would most likely fail again at once.
 */
export async function learningStatusOf(db: Db, bot: string, numbers: LearningNumbers): Promise<RecordedStatus> {
  const learned = await learnedCorrections(db, bot)
  const accepted = await acceptedCorrections(db, bot)
  const fresh = accepted.filter(({ id }) => !learned.has(id))
  const onItsWay = await versionOnItsWay(db, bot)
  const { running, number, finishedAt } = await latestRetrains(db, bot)
  return {
    bot,
    accepted: fresh.length,
    wanted: numbers.accepted,
    usable: fairBatch(fresh, numbers).length,
    ...(await changesOf(db, bot, { accepted, largestShare: numbers.largestShare })),
    people: new Set(fresh.flatMap(({ people }) => people)).size,
    peopleWanted: numbers.people,
    largestShare: largestShareOf(fresh),
    reviewersBatch: fresh.filter(({ reviewer }) => reviewer).length >= numbers.accepted,
    nextNumber: number + 1,
    ...(onItsWay !== undefined && { onItsWay }),
    ...(running && { running: running.number, runningReason: running.reason }),
    ...(finishedAt && { coolDownUntil: finishedAt.getTime() + numbers.coolDownMs }),
  }
}
