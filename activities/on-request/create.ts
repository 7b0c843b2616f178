import { cancellationSignal, heartbeat } from '@temporalio/activity'
import type { Blobs } from '../../adapters/blobs/files.ts'
import type { CorrectionState } from '../../domain/correction.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { Rebuilt as Found } from '../../models/rebuild-version.ts'
import { correctionOf } from '../../store/corrections/corrections.ts'
import { voteById } from '../../store/corrections/votes.ts'
import type { Db } from '../../store/db.ts'
import { keepRequestedReplay, replayById } from '../../store/rollouts/replays/replay-reports.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { beatWhile } from '../learning/beat.ts'
import { inOurWords } from '../learning/failures.ts'
import { readFiles } from '../learning/kept-files.ts'
import type { RebuildActivities, ReviewActivities } from '../learning-contract.ts'
import { type PostDeps, postOnce } from '../post-once.ts'
import type { ReplayActivities } from '../rollout-contract.ts'
import { type ReplayDeps, replayVersion } from '../rollout/replay-version.ts'

/** `replayRecording`: a report that is kept already is not made again. */
const createReplayRecording =
  (deps: ReplayDeps): ReplayActivities['replayRecording'] =>
  async ({ id, since, until, ...order }) => {
    const kept = await replayById(deps.db, id)
    if (kept) return { verdict: kept.verdict, reportHash: kept.report.hash }
    const within = {
      since: since === undefined ? since : new Date(since),
      until: until === undefined ? until : new Date(until),
    }
    const asked = { ...order, ...within }
    const report = await replayVersion(deps, asked, (done, all) => heartbeat({ done, all }))
    await keepRequestedReplay(deps.db, id, report)
    return { verdict: report.verdict, reportHash: report.hash }
  }

const texts: Partial<Record<CorrectionState, string>> = {
  rejected: 'A reviewer has looked at this correction and did not take it over. Thank you for saying it.',
  quarantined: 'A reviewer has set this correction aside: it is not learned from for now.',
  revoked: 'A reviewer has taken this correction back: it will not be learned from any more.',
}

/** `tellReviewed`. Says nothing when the correction has changed again since: that change has a notice of its own. */
const createTellReviewed =
  (deps: PostDeps): ReviewActivities['tellReviewed'] =>
  async ({ bot, prediction, revision, voteId }) => {
    const ref = parsePredictionId(prediction)
    const correction = ref && (await correctionOf(deps.db, ref))
    if (correction?.revision !== revision) return
    const text = texts[correction.state]
    const { address, messageId } = await voteById(deps.db, voteId)
    if (text === undefined || address === undefined) return
    const key = `reviewed:${prediction}:${revision}:${voteId}`
    await postOnce(deps, { key, messageId, kind: 'notice', text, address, channel: deps.channelOf(bot, 'slack') })
  }

/** What a person waits for on the queue `learning`. */
export const createRequestedActivities = (deps: ReplayDeps & PostDeps): ReplayActivities & ReviewActivities => ({
  replayRecording: createReplayRecording(deps),
  tellReviewed: createTellReviewed(deps),
})

export interface RebuildDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  /** Trains again from a version's files, in a child process of its own. */
  readonly rebuild: (files: VersionFiles, signal: AbortSignal) => Promise<Found>
}

/** What a person waits for on the queue `training`. @throws Error when the version is not registered: the API looks before. */
export const createRebuildActivities = ({ db, blobs, rebuild }: RebuildDeps): RebuildActivities => ({
  rebuildVersion: inOurWords(async ({ bot, version }) => {
    const found = (await versionsOf(db, bot)).find((each) => each.version === version)
    if (found === undefined) throw new Error('a rebuild needs a registered version')
    const files = await readFiles(blobs, found.files)
    const rebuilt = await beatWhile(rebuild(files, cancellationSignal()))
    return {
      outcome: rebuilt.outcome,
      expected: found.weightsSha256,
      weightsSha256: rebuilt.outcome === 'refused' ? null : rebuilt.weightsSha256,
      differs: rebuilt.outcome === 'same' ? [] : rebuilt.differs,
    }
  }),
})
