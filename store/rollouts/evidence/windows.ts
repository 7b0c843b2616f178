import { sql } from 'kysely'
import { scoringDeadlineMs } from '../../../domain/outcome.ts'
import { type SeenRequest, versionWindow } from '../../../domain/rollout/version-window.ts'
import type { RolloutWindow, VersionWindow } from '../../../domain/rollout/window.ts'
import { type ServingSet, versionOfAlias } from '../../../domain/serving-set.ts'
import type { Db } from '../../db.ts'
import { servingSetOf } from '../../versions/serving-sets.ts'
import { armsOf } from '../assignments.ts'
import type { StoredRollout } from '../rollouts.ts'

/** A request that was on its way when the version came in was never put to it. */
const graceMs = 2_000

interface Asked {
  readonly bot: string
  readonly version: number
  /** Only requests recorded since then; absent: the latest that it has scored. */
  readonly since: Date | undefined
}

const seconds = (ms: number) => sql`make_interval(secs => ${ms / 1000})`

/**
 * The requests of a version: those that it has scored or failed, and those that another version has scored and that it owes
 * beyond the deadline. Load tests, and people who want no answers, are in no recording.
 */
const requestsOf = ({ bot, version, since }: Asked) => sql`
  from recordings
  left join scores on scores.message_id = recordings.message_id and scores.position = recordings.position
    and scores.version = ${version}
  where recordings.bot = ${bot} and ${
    since === undefined
      ? sql`scores.scored_at is not null`
      : sql`recordings.recorded_at >= ${since} and (scores.message_id is not null or (
          recordings.recorded_at > ${since}::timestamptz + ${seconds(graceMs)}
          and recordings.recorded_at < clock_timestamp() - ${seconds(scoringDeadlineMs)}
          and exists (select 1 from scores other where other.message_id = recordings.message_id
            and other.position = recordings.position and other.scored_at is not null)))`
  }`

interface Row {
  readonly recorded_at: Date
  readonly scored_at: Date | null
  readonly error: string | null
  readonly label: string | null
  readonly confidence: number | null
  readonly probabilities: Readonly<Record<string, number | null>> | null
  readonly eval_ms: number | null
  readonly baseline_label: string | null
}

async function lastRequests(
  db: Db,
  asked: Asked,
  options: { readonly limit: number; readonly baseline: number | undefined },
): Promise<readonly SeenRequest[]> {
  const baseline = options.baseline === asked.version ? undefined : options.baseline
  const { rows } = await sql<Row>`
    select recordings.recorded_at, scores.scored_at, scores.error, scores.label, scores.confidence, scores.probabilities,
           scores.eval_ms, (select label from scores baseline where baseline.message_id = recordings.message_id
             and baseline.position = recordings.position and baseline.version = ${baseline ?? -1}) as baseline_label
    ${requestsOf(asked)} order by recordings.recorded_at desc, recordings.id desc limit ${options.limit}`.execute(db)
  return rows.map((row) => ({
    recordedAt: row.recorded_at.getTime(),
    scoredAt: row.scored_at?.getTime(),
    failed: row.scored_at === null && row.error !== null,
    label: row.label ?? undefined,
    confidence: row.confidence ?? undefined,
    probabilities: row.probabilities ?? undefined,
    evalMs: row.eval_ms ?? undefined,
    baselineLabel: row.baseline_label ?? undefined,
  }))
}

/** How many requests a version has seen since a moment. */
export async function requestsSeen(db: Db, asked: Asked & { readonly since: Date }): Promise<number> {
  const { rows } = await sql<{ seen: number }>`select count(*)::int as seen ${requestsOf(asked)}`.execute(db)
  return rows[0]?.seen ?? 0
}

/** Visible answers of a version since a moment, and accepted corrections of them. */
async function saidSince(
  db: Db,
  { bot, version }: Asked,
  since: Date,
): Promise<Pick<VersionWindow, 'answers' | 'corrections'>> {
  const { rows } = await sql<{ answers: number; corrections: number }>`
    select count(*)::int as answers, count(*) filter (where corrections.state = 'accepted')::int as corrections
    from choices join messages on messages.id = choices.message_id
    left join corrections on corrections.message_id = choices.message_id and corrections.position = choices.position
    where messages.bot = ${bot} and messages.received_at > ${since}::timestamptz - interval '1 day'
      and choices.version = ${version} and choices.decided_at >= ${since}
      and not messages.synthetic and messages.intent in ('ask', 'ask-all')`.execute(db)
  return rows[0] ?? { answers: 0, corrections: 0 }
}

async function windowOfVersion(
  db: Db,
  asked: Asked,
  options: { readonly limit: number; readonly baseline: number | undefined; readonly saidSince: Date },
): Promise<VersionWindow> {
  const { rows } = await sql<{ labels: readonly string[] }>`
    select labels from versions where bot = ${asked.bot} and version = ${asked.version}`.execute(db)
  const [requests, said] = [await lastRequests(db, asked, options), await saidSince(db, asked, options.saidSince)]
  return versionWindow(requests, rows[0]?.labels ?? [], said)
}

/** When a version was first put before people, as a canary; before that, when its trial began. */
async function answeringSince(db: Db, { bot, version }: StoredRollout, trial: Date): Promise<Date> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from rollout_events
    where bot = ${bot} and version = ${version} and kind = 'stage' and detail ->> 'stage' = 'canary'
      and at >= ${trial}`.execute(db)
  return rows[0]?.at ?? trial
}

/** How often version and champion say the same, of the requests that both have answered since a moment. */
async function agreementSince(
  db: Db,
  { bot, version, champion }: StoredRollout,
  since: Date,
): Promise<Pick<RolloutWindow, 'compared' | 'agreed'>> {
  const { rows } = await sql<{ compared: number; agreed: number }>`
    select count(*)::int as compared, count(*) filter (where own.label = other.label)::int as agreed
    from recordings
    join scores own on own.message_id = recordings.message_id and own.position = recordings.position
      and own.version = ${version} and own.label is not null
    join scores other on other.message_id = recordings.message_id and other.position = recordings.position
      and other.version = ${champion} and other.label is not null
    where recordings.bot = ${bot} and recordings.recorded_at >= ${since}`.execute(db)
  return rows[0] ?? { compared: 0, agreed: 0 }
}

/** A version that waits for its approval without having been a canary, because traffic had its time, was assigned to nobody. */
async function assignedOf(
  db: Db,
  rollout: StoredRollout,
  set: ServingSet | undefined,
): Promise<RolloutWindow['assigned']> {
  const share = rollout.numbers.canary[rollout.step]?.weight
  const isCanary = set?.members.some(({ version, stage }) => version === rollout.version && stage === 'canary')
  if (share === undefined || isCanary !== true) return undefined
  return { ...(await armsOf(db, rollout)), share }
}

/**
 * What the guards look at. On trial, the last requests since the version was first asked anything; once it is live, those since
 * then, so that a fault of the trial does not count twice.
 */
export async function rolloutWindow(db: Db, rollout: StoredRollout): Promise<RolloutWindow> {
  const { bot, version, champion, stage, stageSince, numbers } = rollout
  const trial = rollout.shadowAt ?? stageSince
  const since = stage === 'bake' ? stageSince : trial
  const answering = await answeringSince(db, rollout, trial)
  const set = await servingSetOf(db, bot)
  const options = { limit: numbers.guards.window, baseline: set && versionOfAlias(set, 'baseline') }
  return {
    version: await windowOfVersion(db, { bot, version, since }, { ...options, saidSince: since }),
    // Both answered in the same time: older answers have had longer to be corrected.
    champion: await windowOfVersion(
      db,
      { bot, version: champion, since: undefined },
      { ...options, saidSince: answering },
    ),
    seen: await requestsSeen(db, { bot, version, since: stageSince }),
    assigned: await assignedOf(db, rollout, set),
    ...(await agreementSince(db, rollout, trial)),
  }
}
