import type { Logger } from 'pino'
import { closeBlindPosts } from '../../activities/people/ask-blind.ts'
import { letGoOfQuestions } from '../../activities/people/let-go-questions.ts'
import type { PeopleDeps } from '../../activities/people/place.ts'
import { errorFields } from '../../infra/logger.ts'

/**
 * Changes the posts of all bots' questions that ask no more: after its rollout nobody else looks at those of a bot. A bot whose
 * channel does not take it, or that has no credentials here, is logged, and stops no other one.
 */
export async function closePosts(
  people: PeopleDeps,
  bots: readonly string[],
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const close = async (bot: string) => {
    await closeBlindPosts(people, bot)
    await letGoOfQuestions(people, bot)
  }
  for (const bot of bots)
    await close(bot).catch((error: unknown) =>
      log.warn({ bot, ...errorFields(error) }, 'posts of questions are not closed; the next sweep tries again'),
    )
}
