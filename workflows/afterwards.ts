import type { MessageRequest, Prepared } from '../activities/contract.ts'
import type { PlacedChoice } from '../domain/reply-text.ts'
import { askingSteps, castingSteps } from './steps.ts'

type Asking = Extract<Prepared, { kind: 'ready' }>['asking']

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
      await askingSteps.askPeople({ messageId, position, reason }).catch(() => undefined)
  }
}

/** A picture that was only scored so that a correction has something to correct: its vote is cast now. */
export const castVote = (
  { messageId }: MessageRequest,
  choices: readonly PlacedChoice[],
  withinMs: number,
): Promise<void> => castingSteps(withinMs).castVote({ messageId, choices })
