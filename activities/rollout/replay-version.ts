import { createHash } from 'node:crypto'
import type { Blobs } from '../../adapters/blobs/files.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { predictionId } from '../../domain/prediction.ts'
import { hashedOf, type Played, type ReplayReport, type Said, summarise } from '../../domain/rollout/replay.ts'
import type { Db } from '../../store/db.ts'
import { countRecordings, type Recording, recordingsOf } from '../../store/rollouts/replays/recordings.ts'
import { preprocessingOf } from '../../store/versions/versions.ts'
import type { PredictOne } from '../scoring/create.ts'
import { bytesIfThere } from '../stored-bytes.ts'

/** What a replay stands on; also outside of a rollout. */
export interface ReplayDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  /** Versions that this process holds. @throws ModelNotReady. */
  readonly predictorOf: (bot: string, version: number) => Promise<PredictOne>
  readonly clock: () => number
}

export interface ReplayOrder {
  readonly bot: string
  readonly version: number
  /** The version that it is compared with. */
  readonly against: number
  /** At most so many recordings, the newest ones. */
  readonly limit: number
  /** Only recordings since then, and before that. */
  readonly since?: Date | undefined
  readonly until?: Date | undefined
}

/** Cannot be read or predicted: counted, never thrown, because one bad recording must not hide the others. */
async function ask(deps: ReplayDeps, predict: PredictOne, input: Uint8Array): Promise<Said | undefined> {
  const startedAt = deps.clock()
  try {
    const { label, confidence } = await predict(input)
    return Number.isFinite(confidence) ? { label, confidence, ms: deps.clock() - startedAt } : undefined
  } catch {
    return undefined
  }
}

interface Players {
  readonly challenger: PredictOne
  readonly champion: PredictOne
}

async function play(
  deps: ReplayDeps,
  { challenger, champion }: Players,
  recording: Recording,
): Promise<{ readonly played: Played; readonly cpuSeconds: number } | undefined> {
  const input = await bytesIfThere(deps.blobs, recording.inputSha256)
  if (input === undefined) return undefined
  const before = process.cpuUsage()
  const said = await ask(deps, challenger, input)
  const used = process.cpuUsage(before)
  const played = {
    prediction: predictionId(recording),
    inputSha256: recording.inputSha256,
    truth: recording.truth,
    earlier: recording.context.earlier.length,
    learned: recording.learned,
    challenger: said,
    champion: await ask(deps, champion, input),
    again: await ask(deps, champion, input),
  }
  return { played, cpuSeconds: (used.user + used.system) / 1e6 }
}

/** The newest recordings of what the version reads, and how many of the same time are left out, and why. */
async function readable({ db }: ReplayDeps, { bot, version, against, limit, since, until }: ReplayOrder) {
  const preprocessingVersion = await preprocessingOf(db, bot, version)
  if (preprocessingVersion === undefined) throw new ModelNotReady(`${bot} v${version} is not registered`)
  const all = await countRecordings(db, bot, { since, until })
  const own = await countRecordings(db, bot, { since, until, preprocessingVersion })
  const recordings = await recordingsOf(db, bot, {
    since,
    until,
    preprocessingVersion,
    limit,
    versions: [version, against],
  })
  return { recordings, otherPreprocessing: all - own, older: Math.max(0, own - recordings.length) }
}

/**
 * Plays the recording to a version and, twice, to the one it is compared with: what would it have said? One after the other, so
 * that latencies are those of a quiet process. Recordings of inputs that were prepared by other rules than the version reads are
 * counted, not played.
 * @param onStep called after each recording.
 * @throws ModelNotReady when one of the versions cannot be loaded.
 * @throws ServiceUnavailable when the recording cannot be read now.
 */
export async function replayVersion(
  deps: ReplayDeps,
  order: ReplayOrder,
  onStep: (done: number, all: number) => void = () => undefined,
): Promise<ReplayReport> {
  const { bot, version, against, since } = order
  const { recordings, ...leftOut } = await readable(deps, order)
  const champion = await deps.predictorOf(bot, against)
  // A version that does not load answers nothing: every recording counts as an error, and the replay says no.
  const challenger = await deps.predictorOf(bot, version).catch((error: unknown): PredictOne => {
    if (!(error instanceof ModelNotReady)) throw error
    return () => Promise.reject(error)
  })
  const players = { challenger, champion }
  const all: Played[] = []
  let cpuSeconds = 0
  for (const [index, recording] of recordings.entries()) {
    const step = await play(deps, players, recording)
    if (step) all.push(step.played)
    cpuSeconds += step?.cpuSeconds ?? 0
    onStep(index + 1, recordings.length)
  }
  const now = new Date()
  const hash = createHash('sha256').update(hashedOf(all, order)).digest('hex')
  return {
    ...{ bot, version, against, hash },
    from: (recordings.at(-1)?.recordedAt ?? since ?? now).toISOString(),
    to: (recordings[0]?.recordedAt ?? now).toISOString(),
    ...summarise(all, { cpuSeconds, ...leftOut }),
  }
}
