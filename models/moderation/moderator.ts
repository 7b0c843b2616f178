import { ModelNotReady } from '../../domain/errors.ts'
import { type BatchLimits, createBatcher } from '../runtime/batcher.ts'
import { type RunningNetwork, runOpByOp } from '../run-op-by-op.ts'
import type { Tensorflow } from '../tensorflow.ts'
import { mobilenetV2 } from './mobilenet-v2.ts'
import { moderationModel, readDataFiles, weightsOf } from './nsfw-package.ts'
import { originalHead } from './original-head.ts'
import { type ModerationScores, type Verdict, verdictOf } from './verdict.ts'

/** What the network says of one picture, and what follows from it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly scores: ModerationScores
}

/** Judges whether pictures may be shown to others. */
export interface Moderator {
  /** Name of what judges; judgements of another one are not its own. */
  readonly model: string
  /**
   * @param picture a normalised picture.
   * @throws ModelNotReady when the network cannot be loaded, TypeError for a picture of another length.
   */
  judge(picture: Uint8Array): Promise<Judgement>
  /** Lets the batch that is running end and frees the network. */
  close(): Promise<void>
}

interface Loaded {
  readonly network: RunningNetwork
  readonly head: (features: Float32Array) => ModerationScores
}

async function load(tensorflow: Tensorflow): Promise<Loaded> {
  const weights = weightsOf(await readDataFiles())
  return { network: runOpByOp(tensorflow, mobilenetV2(weights)), head: originalHead(weights) }
}

function judgementOf(scores: ModerationScores): Judgement {
  if (!Object.values(scores).every(Number.isFinite)) throw new ModelNotReady('what moderation says is no probability')
  return { verdict: verdictOf(scores), scores }
}

/** A moderator whose network is loaded on the first picture, once; a failure is not kept, the next picture tries again. */
export function createModerator(tensorflow: Tensorflow, limits: BatchLimits): Moderator {
  let loading: Promise<Loaded> | undefined
  const loaded = (): Promise<Loaded> => {
    const current = (loading ??= load(tensorflow))
    current.catch(() => (loading = undefined))
    return current
  }
  const batcher = createBatcher(async (pictures: readonly Uint8Array[]) => {
    const { network, head } = await loaded()
    return (await network.run(pictures, ['features'])).map((features) => judgementOf(head(features)))
  }, limits)
  return {
    model: moderationModel,
    judge: (picture) => batcher.ask(picture),
    close: async () => {
      await batcher.close()
      ;(await loading?.catch(() => undefined))?.network.dispose()
    },
  }
}
