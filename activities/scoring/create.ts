import type { Score } from '../../domain/rendezvous/score.ts'
import { UnderstudyError } from '../../domain/errors.ts'
import { recordScore, recordScoreFailure } from '../../store/messages/scores.ts'
import type { InferenceActivities, ScoreRequest } from '../contract.ts'
import { createModeratePictures, type ModerateDeps } from './moderate-pictures.ts'

/** What one loaded version says about one normalised input. */
export type PredictOne = (input: Uint8Array) => Promise<Omit<Score, 'slot' | 'version' | 'stage'>>

export interface ScoreDeps extends ModerateDeps {
  /** @throws ModelNotReady when the version is not loaded and cannot be now. */
  readonly predictorOf: (bot: string, version: number) => Promise<PredictOne>
}

/** The activities of the inference queue. */
export function createInferenceActivities(deps: ScoreDeps): InferenceActivities {
  const score = async ({ bot, member, inputSha256 }: ScoreRequest): Promise<Score> => {
    const predict = await deps.predictorOf(bot, member.version)
    const prediction = await predict(await deps.blobs.get(inputSha256))
    return { slot: member.slot, version: member.version, stage: member.stage, ...prediction }
  }
  return {
    moderatePictures: createModeratePictures(deps),
    scoreMessage: async (request) => {
      const { messageId, position, inputSha256, member } = request
      const subject = { messageId, position, inputSha256, member }
      try {
        const result = await score(request)
        await recordScore(deps.db, subject, result)
        return result
      } catch (error) {
        const code = error instanceof UnderstudyError ? error.message : 'unexpected error'
        await recordScoreFailure(deps.db, subject, code).catch(() => undefined)
        throw error
      }
    },
  }
}
