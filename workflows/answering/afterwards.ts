import { isCancellation } from '@temporalio/workflow'
import type { MessageRequest, Prepared } from '../../activities/contract.ts'
import type { PlacedChoice } from '../../domain/words/reply-text.ts'
import { letGo } from '../steps/step-failure.ts'
import { askingSteps, castingSteps, moderatingSteps } from '../steps/steps.ts'

type Asking = Extract<Prepared, { kind: 'ready' }>['asking']

/** A courtesy after the answer: when it cannot be done the answer stands. A cancellation goes on. */
const orLetGo = (error: unknown): void => {
  if (isCancellation(error)) throw error
  letGo(error)
}

/** Has the pictures judged; until then only the person who sent them sees them. */
export async function moderate(
  { messageId }: MessageRequest,
  { moderated }: { readonly moderated: boolean },
): Promise<void> {
  if (moderated) await moderatingSteps.moderatePictures({ messageId }).catch(orLetGo)
}

/** People are asked about unsure answers, and about a random share of the others. A question that cannot be asked is let go. */
export async function askAboutAnswers(
  { messageId }: MessageRequest,
  choices: readonly PlacedChoice[],
  { asking }: { readonly asking: Asking },
): Promise<void> {
  for (const { position, unsure } of choices) {
    const reason = unsure ? 'unsure' : 'random'
    // Temporal makes Math.random the same in every replay.
    if (unsure || Math.random() < asking.share)
      await askingSteps.askPeople({ messageId, position, reason }).catch(orLetGo)
  }
}

/** A picture that was only scored so that a correction has something to correct: its vote is cast now. */
export const castVote = (
  { messageId }: MessageRequest,
  choices: readonly PlacedChoice[],
  withinMs: number,
): Promise<void> => castingSteps(withinMs).castVote({ messageId, choices })
